import {
  addMonths,
  type CertifiedCompetency,
  formatCertificateNumber,
  VALIDITY_MONTHS,
} from '../../core/certificate';
import { needsRecord } from '../../core/progress';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { readableCode, uuidv7 } from '../../platform/ids';
import type { Outbox } from '../../platform/jobs/outbox';
import { currentFramework } from '../frameworks/frameworks.read-model';
import type { LearnerCourse } from '../learning/learning.read-model';
import { type CertificatesRepository, issueCertificateType } from './certificates.jobs';

export type CertificatesService = ReturnType<typeof createCertificatesService>;

export function createCertificatesService(deps: {
  db: Database;
  repository: CertificatesRepository;
  outbox: Outbox;
  baseUrl: string;
  issuer: { name: string; country: string };
}) {
  const { db, repository, outbox, baseUrl, issuer } = deps;
  return {
    /**
     * Requests the certificate of a course that has just been completed. Runs in the transaction of the completion:
     * the certificate row, its job and the completion exist together or not at all.
     */
    async requestForCourse(course: LearnerCourse): Promise<void> {
      db.assertTransaction();
      const framework = (await currentFramework(db)).document;
      const [person] = await db.query<{ name: string; locale: string; today: string }>(
        'certificates.holder',
        `select name, locale, to_char(now() at time zone 'Europe/Rome', 'YYYY-MM-DD') as today from users where id = $1`,
        [course.userId],
      );
      if (!person) return;
      const expiresOn = addMonths(person.today, VALIDITY_MONTHS);
      const number = formatCertificateNumber(readableCode(20));
      const id = uuidv7();
      await repository.insert({
        id,
        number,
        userId: course.userId,
        enrolmentId: course.enrolmentId,
        // Valid to the end of the day of expiry.
        expiresAt: new Date(Date.parse(`${expiresOn}T00:00:00Z`) + 24 * 60 * 60 * 1000),
        snapshot: {
          learnerName: person.name,
          language: person.locale,
          courseCode: course.outline.code,
          title: course.outline.title,
          outcomes: course.outline.modules.flatMap((module) => module.outcomes),
          issuer,
          completedOn: person.today,
          expiresOn,
          workloadMinutes: course.outline.modules.reduce((sum, module) => sum + module.minutes, 0),
          frameworkVersion: `${framework.code} ${framework.version}`,
          competencies: certifiedCompetencies(course, framework),
          verifyUrl: `${baseUrl}/verify/${number}`,
        },
      });
      await outbox.enqueue(issueCertificateType, { certificateId: id }, { dedupeKey: id });
      await recordAudit(db, {
        actorId: null,
        action: 'certificate.requested',
        objectType: 'certificate',
        objectId: id,
        details: { number, course: course.outline.code },
      });
    },
  };
}

/** The highest level of each competency that the course's modules reach, and how it was shown. */
function certifiedCompetencies(
  course: LearnerCourse,
  framework: Awaited<ReturnType<typeof currentFramework>>['document'],
): CertifiedCompetency[] {
  const best = new Map<string, CertifiedCompetency>();
  for (const module of course.outline.modules) {
    for (const [code, level] of Object.entries(module.levels)) {
      const competency = framework.competencies.find((candidate) => candidate.code === code);
      const known = best.get(code);
      if (!competency || (known && known.level >= level)) continue;
      const named = framework.levels.find((candidate) => candidate.level === level);
      best.set(code, {
        code,
        name: competency.name,
        level,
        levelName: named?.name ?? { en: String(level) },
        evidence: needsRecord(module.modes) ? 'observed' : 'quiz',
      });
    }
  }
  return [...best.values()];
}
