import type { RoleCode } from '../../server/core/framework';
import type { AnswerInput } from '../../server/features/assessments/assessments.schemas';
import { currentFramework } from '../../server/features/frameworks/frameworks.read-model';
import type { TestApp } from './app';

/** Submits a self-assessment with one level for everything, except where `levels` says otherwise. */
export async function selfAssess(
  t: TestApp,
  userId: string,
  role: RoleCode,
  everything: number,
  levels: Record<string, number> = {},
): Promise<void> {
  const { document } = await currentFramework(t.db);
  const service = t.services.assessments.service;
  await service.start(userId, role);
  const answers = document.competencies.map(({ code }) => ({
    competency: code,
    level: levels[code] ?? everything,
    note: '',
  }));
  await service.saveAnswers(userId, undefined, answers as AnswerInput[]);
  await service.submit(userId, undefined);
}
