import type { Composition } from '../../server/composition';
import { createRandom } from '../../server/core/quiz/random';
import { hashPassword } from '../../server/features/accounts/passwords';
import { currentFramework } from '../../server/features/frameworks/frameworks.read-model';
import { selectPartners } from '../../server/features/organisations/organisations.read-model';
import type { NewCluster } from '../../server/features/organisations/organisations.repository';
import type { Database } from '../../server/platform/db/database';
import { uuidv7 } from '../../server/platform/ids';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './accounts';
import { FICTIONAL_CLUSTERS, PARTNERS } from './fictional-clusters';
import { type Journey, takeFirstCourse } from './first-course';
import { LOMBARD_CLUSTERS } from './lombard-clusters';
import { type Assessed, insertSelfAssessments } from './self-assessments';

/** Raise it when the demonstration programme's data change: the next start adds what is new. */
export const DEMO_EDITION = '1';

/** The people were in the programme for a while before the demonstration starts. */
const HISTORY_MS = 100 * 24 * 60 * 60 * 1000;
const [LEARNER, TRAINER] = DEMO_ACCOUNTS;

/** Learners of the first course, by name: from just enrolled to waiting for the trainer's record of the live session. */
const FIRST_COURSE: readonly { name: string; modules: number; lessons: number }[] = [
  { name: 'Chiara Fontana', modules: 3, lessons: 0 },
  { name: 'Luca Marchetti', modules: 2, lessons: 0 },
  { name: 'Petr Beneš', modules: 1, lessons: 2 },
  { name: 'Eva Pichler', modules: 0, lessons: 3 },
  { name: 'Gregor Zupan', modules: 0, lessons: 1 },
  { name: 'Ewa Michalska', modules: 0, lessons: 0 },
];

type Person = { email: string; name: string; country: string | null; locale: string; role: string };

/**
 * Loads the demonstration programme: partners, real clusters with their sourced facts, fictional clusters with fictional
 * people, their self-assessments, and some progress in the first course. Adds what is missing and changes no account,
 * membership or assessment that is there. Expects the reference data and courses.
 */
export async function seedDemo(services: Composition): Promise<void> {
  const { db, organisations } = services;
  const now = Date.now();
  const hashes = await Promise.all(DEMO_ACCOUNTS.map(() => hashPassword(DEMO_PASSWORD)));
  const passwords = new Map<string, string>(
    DEMO_ACCOUNTS.map(({ email }, index) => [email, hashes[index] ?? '']),
  );
  const framework = await currentFramework(db);

  const userIds = await db.transaction(async () => {
    await organisations.service.addPartners(
      PARTNERS.map(({ country, name }) => ({ code: country, country, name })),
    );
    const partnerIds = new Map((await selectPartners(db)).map(({ code, id }) => [code, id]));
    const partnerOf = (country: string) => idOf(partnerIds, country);

    await organisations.service.saveClusters([
      ...LOMBARD_CLUSTERS.map(
        ({ slug, name, facts }): NewCluster => ({
          partnerId: partnerOf('IT'),
          slug,
          name,
          type: null,
          stage: null,
          region: 'Lombardia',
          fictional: false,
          facts,
        }),
      ),
      ...FICTIONAL_CLUSTERS.map(
        ({ country, slug, name, type, stage }): NewCluster => ({
          partnerId: partnerOf(country),
          slug,
          name,
          type,
          stage,
          region: 'fictional',
          fictional: true,
          facts: {},
        }),
      ),
    ]);
    const clusterIds = await idsBy(db, 'clusters', 'slug');

    const members = FICTIONAL_CLUSTERS.flatMap((cluster) =>
      cluster.people.map(([name, role]) => ({ email: emailOf(name), name, role, cluster })),
    );
    await insertPeople(
      db,
      [
        ...DEMO_ACCOUNTS,
        ...members.map(({ email, name, cluster: { country } }) => ({
          email,
          name,
          country,
          locale: country === 'IT' ? 'it' : 'en',
          role: 'learner',
        })),
      ],
      { partnerIds, passwords, createdAt: new Date(now - HISTORY_MS) },
    );
    const ids = await idsBy(db, 'users', 'email');
    await organisations.service.addMemberships(
      members.map(({ email, role, cluster }) => ({
        userId: idOf(ids, email),
        clusterId: idOf(clusterIds, cluster.slug),
        role,
        since: joinedOn(email),
      })),
    );
    // Whoever tries the demonstration as the learner does the self-assessment themselves.
    const assessed = members
      .filter(({ email }) => email !== LEARNER.email)
      .map(
        ({ email, role, cluster: { type, stage } }): Assessed => ({
          userId: idOf(ids, email),
          email,
          role,
          type,
          stage,
        }),
      );
    await insertSelfAssessments(db, { framework, people: assessed, now });
    return ids;
  });

  await takeFirstCourse(
    services,
    FIRST_COURSE.map(
      ({ name, modules, lessons }): Journey => ({ userId: idOf(userIds, emailOf(name)), modules, lessons }),
    ),
  );
}

/** Gives every course to the demonstration's trainer. */
export async function assignDemoTrainer(db: Database): Promise<void> {
  await db.query(
    'demo.trainer',
    `insert into course_trainers (course_id, user_id)
     select c.id, u.id from courses c, users u where u.email = $1 and c.archived_at is null
     on conflict do nothing`,
    [TRAINER.email],
  );
}

/** Address of a fictional person: the name without accents at a domain that cannot exist (RFC 2606). */
export function emailOf(name: string): string {
  if (name === LEARNER.name) return LEARNER.email;
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return `${plain.replaceAll(/[^a-z]+/g, '.')}@demo.example`;
}

/** A day in the years before the demonstration, always the same for the same person. */
function joinedOn(email: string): string {
  const random = createRandom(`membership of ${email}`);
  const [year, month, day] = [2019 + random.integer(6), 1 + random.integer(12), 1 + random.integer(28)];
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

/** Without a password nobody can sign in, and no mailed link exists to set one. */
async function insertPeople(
  db: Database,
  people: readonly Person[],
  given: {
    partnerIds: ReadonlyMap<string, string>;
    passwords: ReadonlyMap<string, string>;
    createdAt: Date;
  },
): Promise<void> {
  // The learner is both an account and a member of a cluster.
  const unique = new Map(people.toReversed().map((person) => [person.email, person]));
  const rows = [...unique.values()].map(({ email, name, country, locale, role }) => ({
    id: uuidv7(given.createdAt.getTime()),
    email,
    name,
    role,
    locale,
    partner_id: country === null ? null : idOf(given.partnerIds, country),
    password_hash: given.passwords.get(email) ?? null,
  }));
  await db.query(
    'demo.people',
    `insert into users (id, email, name, password_hash, role, partner_id, locale, fictional, credentials_changed_at, created_at)
     select id, email, name, password_hash, role, partner_id, locale, true, $2, $2
     from jsonb_to_recordset($1::jsonb) as p(id uuid, email text, name text, password_hash text, role text, partner_id uuid,
       locale text)
     on conflict (email) do nothing`,
    [JSON.stringify(rows), given.createdAt],
  );
}

async function idsBy(
  db: Database,
  table: 'clusters' | 'users',
  key: 'slug' | 'email',
): Promise<Map<string, string>> {
  const rows = await db.query<{ key: string; id: string }>(
    `demo.idsOf.${table}`,
    `select ${key}::text as key, id from ${table} where fictional`,
  );
  return new Map(rows.map((row) => [row.key, row.id]));
}

function idOf(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`The demonstration programme has no ${key}.`);
  return id;
}
