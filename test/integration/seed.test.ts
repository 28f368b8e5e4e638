import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../seeds/demo/accounts';
import { FICTIONAL_CLUSTERS } from '../../seeds/demo/fictional-clusters';
import { seed } from '../../seeds/run';
import { loadConfig } from '../../server/config';
import { currentFramework } from '../../server/features/frameworks/frameworks.read-model';
import { createTestApp, type TestApp } from '../support/app';

/** Rows of every table, and a hash that changes when any row is written, even with the same content. */
async function stateOf({ db }: TestApp): Promise<Record<string, { rows: number; versions: string }>> {
  const tables = await db.query<{ name: string }>(
    'test.tables',
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const state: Record<string, { rows: number; versions: string }> = {};
  for (const { name } of tables) {
    const [row] = await db.query<{ rows: number; versions: string }>(
      `test.state.${name}`,
      `select count(*)::int as rows, coalesce(md5(string_agg(ctid::text || xmin::text, ' ' order by ctid)), '') as versions from ${name}`,
    );
    if (row) state[name] = row;
  }
  return state;
}

async function one<T>({ db }: TestApp, name: string, sql: string, values: unknown[] = []): Promise<T> {
  const [row] = await db.query<T>(`test.${name}`, sql, values);
  if (!row) throw new Error(`no row of ${name}`);
  return row;
}

describe('A start in demonstration mode', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await createTestApp({ DEMO: 'true' });
    await seed(t.services);
  });
  afterAll(() => t.close());

  it('writes nothing the second time, and asks one question', async () => {
    const before = await stateOf(t);
    t.statements.length = 0;
    await seed(t.services);
    expect(t.statements).toHaveLength(1);
    expect(await stateOf(t)).toEqual(before);
  });

  it('adds nothing when it loads everything again', async () => {
    const before = await stateOf(t);
    await t.db.query(
      'test.forget',
      `delete from audit_entries where object_type = 'installation' returning id`,
    );
    await seed(t.services);
    const after = await stateOf(t);
    const rows = (state: typeof before) =>
      Object.fromEntries(Object.entries(state).map(([table, { rows: count }]) => [table, count]));
    expect(rows(after)).toEqual(rows(before));
    for (const table of [
      'users',
      'clusters',
      'memberships',
      'assessments',
      'assessment_answers',
      'course_versions',
    ])
      expect({ [table]: after[table] }).toEqual({ [table]: before[table] });
  });

  it('loads once when several processes start together', async () => {
    const fresh = await createTestApp({ DEMO: 'true' });
    try {
      await Promise.all([seed(fresh.services), seed(fresh.services), seed(fresh.services)]);
      const { loads } = await one<{ loads: number }>(
        fresh,
        'loads',
        `select count(*)::int as loads from audit_entries where object_type = 'installation'`,
      );
      expect(loads).toBe(2);
    } finally {
      await fresh.close();
    }
  });

  it('loads courses again that an import by command has changed', async () => {
    await t.db.query(
      'test.archive',
      `update courses set archived_at = now() where code = 'C02' returning id`,
    );
    await seed(t.services);
    const course = await one<{ archived: boolean }>(
      t,
      'archived',
      `select archived_at is not null as archived from courses where code = 'C02'`,
    );
    expect(course.archived).toBe(false);
  });

  it('puts nobody and no invented fact into a real cluster', async () => {
    const real = await t.db.query<{
      slug: string;
      people: number;
      type: string | null;
      stage: string | null;
      facts: { members?: { text: string }; statements: { source: { url: string | null } }[] };
    }>(
      'test.real',
      `select slug, type, stage, facts, (select count(*)::int from memberships where cluster_id = c.id) as people
       from clusters c where not fictional order by slug`,
    );
    expect(real.map(({ slug, facts }) => [slug, facts.members?.text ?? null])).toEqual([
      ['aerospazio', '70'],
      ['como-next', '50'],
      ['cosmesi', '135 - 50'],
      ['energy-cluster', '90'],
      ['green-and-high-tech', '90'],
      ['parco-tecnologico-padano', null],
      ['poli-auto', '90'],
    ]);
    for (const { people, type, stage, facts } of real) {
      expect({ people, type, stage }).toEqual({ people: 0, type: null, stage: null });
      expect(facts.statements.length).toBeGreaterThan(0);
      for (const { source } of facts.statements) expect(source.url).toMatch(/^https?:\/\//);
    }
  });

  it('marks every person and every cluster with people as fictional, and lets only the five sign in', async () => {
    const people = await t.db.query<{ email: string; fictional: boolean; signsIn: boolean }>(
      'test.people',
      `select email::text, fictional, password_hash is not null as "signsIn" from users order by email`,
    );
    const members = FICTIONAL_CLUSTERS.flatMap((cluster) => cluster.people);
    // The learner is an account and a member.
    expect(people).toHaveLength(DEMO_ACCOUNTS.length + members.length - 1);
    for (const { email, fictional } of people) {
      expect(fictional).toBe(true);
      expect(email).toMatch(/^[a-z.]+@demo\.example$/);
    }
    expect(people.filter(({ signsIn }) => signsIn).map(({ email }) => email)).toEqual(
      DEMO_ACCOUNTS.map(({ email }) => email).sort(),
    );
    const { unmarked } = await one<{ unmarked: number }>(
      t,
      'unmarked',
      `select count(*)::int as unmarked from memberships m join clusters c on c.id = m.cluster_id
       where not c.fictional or c.name not like '%(fictional)'`,
    );
    expect(unmarked).toBe(0);
  });

  it('has two fictional clusters of two to five people in each of seven countries', async () => {
    const clusters = await t.db.query<{ country: string; people: number }>(
      'test.fictional',
      `select p.country, (select count(*)::int from memberships where cluster_id = c.id) as people
       from clusters c join partners p on p.id = c.partner_id where c.fictional`,
    );
    const countries = clusters.map(({ country }) => country).sort();
    expect(countries).toEqual(['AT', 'CZ', 'HU', 'IT', 'PL', 'SI', 'SK'].flatMap((code) => [code, code]));
    for (const { people } of clusters) expect(people >= 2 && people <= 5).toBe(true);
  });

  it('leaves self-assessments as the service would have, one per member but the learner', async () => {
    const { document } = await currentFramework(t.db);
    const rows = await t.db.query<{
      email: string;
      role: string;
      member: string;
      started: Date;
      submitted: Date;
      answers: number;
      same: number;
      levels: number[];
    }>(
      'test.assessments',
      `select u.email::text, a.role_code as role, m.role_code as member, a.started_at as started, a.submitted_at as submitted,
         count(w.*)::int as answers, count(e.*)::int as same, array_agg(w.level::int) as levels
       from assessments a join users u on u.id = a.user_id join memberships m on m.user_id = u.id
       join assessment_answers w on w.assessment_id = a.id
       left join evidence e on e.origin_type = 'assessment' and e.origin_id = a.id::text
         and e.competency_code = w.competency_code and e.level = w.level and e.source = 'self' and e.cap is null
         and e.observed_at = a.submitted_at and e.user_id = a.user_id and w.updated_at between a.started_at and a.submitted_at
       group by u.email, a.id, m.role_code`,
    );
    const members = FICTIONAL_CLUSTERS.flatMap((cluster) => cluster.people).length;
    expect(rows).toHaveLength(members - 1);
    const now = Date.now();
    for (const row of rows) {
      expect(row.email).not.toBe('learner@demo.example');
      expect(row.member).toBe(row.role);
      expect(row.answers).toBe(document.competencies.length);
      expect(row.same).toBe(row.answers);
      expect(row.started < row.submitted && row.submitted.getTime() < now).toBe(true);
      expect(new Set(row.levels).size).toBeGreaterThan(2);
    }
    const mean = (role: string) => {
      const levels = rows.filter((row) => row.role === role).flatMap((row) => row.levels);
      return levels.reduce((sum, level) => sum + level, 0) / levels.length;
    };
    // Managers are asked for more than the board, and rate themselves accordingly.
    expect(mean('CM')).toBeGreaterThan(mean('CB'));
  });

  it('gives the trainer somebody who waits for a record, and nobody a certificate', async () => {
    const trainer = t.agent();
    const signedIn = await trainer.post('/login', {
      email: 'trainer@demo.example',
      password: DEMO_PASSWORD,
    });
    expect(signedIn.status).toBe(303);
    expect((await trainer.get('/home')).text).toContain('/teaching/cluster-manager-profession');
    const people = await trainer.get('/teaching/cluster-manager-profession');
    expect(people.status).toBe(200);
    for (const name of ['Chiara Fontana', 'Luca Marchetti', 'Petr Beneš', 'Ewa Michalska'])
      expect(people.text).toContain(name);
    expect(people.text.match(/status--waiting/g)).toHaveLength(1);
    const { untaught, certificates, jobs } = await one<Record<string, number>>(
      t,
      'after',
      `select (select count(*)::int from certificates) as certificates, (select count(*)::int from jobs) as jobs,
         (select count(*)::int from courses c where archived_at is null and not exists (select 1 from course_trainers
           where course_id = c.id)) as untaught`,
    );
    expect({ untaught, certificates, jobs }).toEqual({ untaught: 0, certificates: 0, jobs: 0 });
  });

  it('lets the five sign in and shows each their start page', async () => {
    for (const { email } of DEMO_ACCOUNTS) {
      const browser = t.agent();
      expect((await browser.post('/login', { email, password: DEMO_PASSWORD })).status).toBe(303);
      expect((await browser.get('/home')).status).toBe(200);
    }
  });

  it('gives the people gaps against the targets of their role and cluster', async () => {
    const { id } = await one<{ id: string }>(t, 'huber', 'select id from users where email = $1', [
      'katharina.huber@demo.example',
    ]);
    const profile = await t.services.assessments.service.gapProfile(id, Date.now());
    expect(profile).toMatchObject({
      role: 'CM',
      cluster: { type: 'IND', stage: 'mature' },
      hasEvidence: true,
    });
    expect(profile?.gaps.length).toBeGreaterThan(0);
  });

  it('gives the learner a cluster and no assessment, so that the first step is theirs', async () => {
    const learner = t.agent();
    await learner.post('/login', { email: 'learner@demo.example', password: DEMO_PASSWORD });
    expect((await learner.get('/assessment')).text).toContain('Meccatronica Val d’Esempio');
    expect((await learner.get('/gap')).text).toContain('href="/assessment"');
  });
});

describe('A start in production', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await createTestApp();
  });
  afterAll(() => t.close());

  it('loads framework, glossary, courses and paths, and no demonstration', async () => {
    const config = loadConfig({
      NODE_ENV: 'production',
      SESSION_SECRET: 'a secret for tests, long enough to be accepted',
      BASE_URL: 'https://identikit.example',
      DATABASE_URL: t.url,
      DATA_DIR: t.dataDir,
    });
    await seed({ ...t.services, config });
    const state = await stateOf(t);
    for (const table of ['framework_versions', 'glossary_terms', 'courses', 'lesson_texts', 'training_paths'])
      expect(state[table]?.rows).toBeGreaterThan(0);
    for (const table of ['partners', 'clusters', 'users', 'memberships', 'assessments', 'enrolments'])
      expect({ [table]: state[table]?.rows }).toEqual({ [table]: 0 });
  });

  it('writes nothing the second time either', async () => {
    const before = await stateOf(t);
    t.statements.length = 0;
    await seed(t.services);
    expect(t.statements).toHaveLength(1);
    expect(await stateOf(t)).toEqual(before);
  });
});
