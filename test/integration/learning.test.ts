import { type Browser, createTestApp, type TestApp } from '../support/app';
import { importReference } from '../support/reference';

const COURSE = 'cluster-manager-profession';
let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await importReference(t);
});
afterAll(() => t.close());

type Learner = Browser & { userId: string };

async function enrolled(): Promise<Learner> {
  const learner = await t.signIn('learner');
  const response = await learner.post(`/courses/${COURSE}/enrol`);
  expect(response.status).toBe(303);
  return learner;
}

async function trainerOf(slug: string): Promise<Learner> {
  const trainer = await t.signIn('trainer');
  const [course] = await t.db.query<{ id: string }>('test.course', 'select id from courses where slug = $1', [
    slug,
  ]);
  await t.services.learning.service.assignTrainer(course?.id ?? '', trainer.userId);
  return trainer;
}

const enrolmentOf = async (userId: string) => {
  const [row] = await t.db.query<{ id: string; completed_at: Date | null }>(
    'test.enrolment',
    'select id, completed_at from enrolments where user_id = $1',
    [userId],
  );
  return row ?? { id: '', completed_at: null };
};

async function lessonsOf(module: string): Promise<string[]> {
  const [row] = await t.db.query<{ lessons: { slug: string }[] }>(
    'test.lessons',
    `select m->'lessons' as lessons from courses c join course_versions v on v.id = c.current_version_id,
       jsonb_array_elements(v.outline->'modules') m where c.slug = $1 and m->>'code' = $2`,
    [COURSE, module],
  );
  return (row?.lessons ?? []).map((lesson) => lesson.slug);
}

async function readAll(learner: Learner, module: string): Promise<void> {
  for (const lesson of await lessonsOf(module)) {
    const response = await learner.post(`/learn/${COURSE}/${module}/${lesson}/done`);
    expect(response.status).toBe(303);
  }
}

/** Stands in for the quiz engine, which has tests of its own: what a passed attempt leaves behind. */
async function passQuizzes(userId: string): Promise<void> {
  const { id } = await enrolmentOf(userId);
  await t.db.query(
    'test.pass',
    `insert into quiz_attempts (id, user_id, enrolment_id, quiz_id, number, seed, slots, submitted_at, points, max_points, passed)
     select gen_random_uuid(), $1, e.id, q.id, 1, 1, '[]', now(), 1, 1, true
     from enrolments e join quizzes q on q.course_version_id = e.course_version_id where e.id = $2`,
    [userId, id],
  );
}

describe('a course that opens soon', () => {
  it('is visible and says so, and cannot be started, not even by a forged request', async () => {
    const learner = await t.signIn();
    const [soon] = await t.db.query<{ slug: string }>(
      'test.soon',
      `select slug from courses c where not exists (select 1 from modules m where m.course_id = c.id and m.open) limit 1`,
    );
    const page = await learner.get(`/courses/${soon?.slug}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('This course opens soon');
    expect(page.text).not.toContain('/enrol"');
    const forged = await learner.post(`/courses/${soon?.slug}/enrol`);
    expect(forged.status).toBe(409);
    expect((await enrolmentOf(learner.userId)).id).toBe('');
  });
});

describe('the lesson player', () => {
  it('enrols once and resumes at the lesson last opened', async () => {
    const learner = await enrolled();
    await learner.post(`/courses/${COURSE}/enrol`);
    const [count] = await t.db.query<{ n: number }>(
      'test.count',
      'select count(*)::int as n from enrolments where user_id = $1',
      [learner.userId],
    );
    expect(count?.n).toBe(1);
    const [first = '', second = '', third = ''] = await lessonsOf('C01-M1');
    expect((await learner.get(`/learn/${COURSE}`)).headers['location']).toBe(
      `/learn/${COURSE}/C01-M1/${first}`,
    );
    const next = await learner.post(`/learn/${COURSE}/C01-M1/${first}/done`);
    expect(next.headers['location']).toBe(`/learn/${COURSE}/C01-M1/${second}`);
    const saved = await learner.post(`/learn/${COURSE}/C01-M1/${third}/position`, { position: '0.42' });
    expect(saved.status).toBe(204);
    expect((await learner.get(`/learn/${COURSE}`)).headers['location']).toBe(
      `/learn/${COURSE}/C01-M1/${third}`,
    );
    const page = await learner.get(`/learn/${COURSE}/C01-M1/${third}`);
    expect(page.text).toContain('data-resume="0.42"');
    expect(page.text).toContain('1 of 5 lessons read');
  });

  it('keeps within its budget: six statements and 40 kB, in both languages', async () => {
    const learner = await enrolled();
    const [first = ''] = await lessonsOf('C01-M1');
    await learner.post(`/learn/${COURSE}/C01-M1/${first}/done`);
    for (const lang of ['en', 'it']) {
      for (const lesson of await lessonsOf('C01-M1')) {
        t.statements.length = 0;
        const page = await learner.get(`/learn/${COURSE}/C01-M1/${lesson}?lang=${lang}`);
        expect(page.text).toContain(`<html lang="${lang}"`);
        expect(page.text.length).toBeLessThan(40_000);
        // The session itself is read by its own store: one statement more.
        expect(t.statements.length + 1).toBeLessThanOrEqual(6);
      }
    }
  });

  it('shows the guide for facilitators to nobody who takes the course', async () => {
    const learner = await enrolled();
    const [texts] = await t.db.query<{ n: number }>(
      'test.guides',
      `select count(*)::int as n from lesson_texts where facilitator_html <> ''`,
    );
    expect(texts?.n).toBeGreaterThan(0);
    for (const lesson of await lessonsOf('C01-M3')) {
      expect((await learner.get(`/learn/${COURSE}/C01-M3/${lesson}`)).text).not.toContain(
        'callout--facilitator',
      );
    }
  });

  it('refuses completion while prerequisites are open, and unknown lessons', async () => {
    const learner = await enrolled();
    const [lesson = ''] = await lessonsOf('C01-M2');
    expect((await learner.get(`/learn/${COURSE}/C01-M2/${lesson}`)).text).toContain('first complete C01-M1');
    expect((await learner.post(`/learn/${COURSE}/C01-M2/${lesson}/done`)).status).toBe(409);
    expect((await learner.post(`/learn/${COURSE}/C01-M1/no-such-lesson/done`)).status).toBe(404);
    expect((await learner.post(`/learn/${COURSE}/C01-M1/${lesson}/position`, { position: '7' })).status).toBe(
      422,
    );
    expect((await t.agent().get(`/learn/${COURSE}`)).headers['location']).toContain('/login');
  });
});

describe('what a trainer records', () => {
  it('completes the live module, then the course, and requests exactly one certificate', async () => {
    const learner = await enrolled();
    const trainer = await trainerOf(COURSE);
    await passQuizzes(learner.userId);
    await readAll(learner, 'C01-M1');
    await readAll(learner, 'C01-M2');
    await readAll(learner, 'C01-M3');
    expect((await learner.get(`/courses/${COURSE}`)).text).toContain(
      'Your trainer records the outcome after the session',
    );
    expect((await enrolmentOf(learner.userId)).completed_at).toBeNull();

    const { id } = await enrolmentOf(learner.userId);
    const people = await trainer.get(`/teaching/${COURSE}`);
    expect(people.text).toContain(`/teaching/${COURSE}/record/${id}/C01-M3`);
    const record = `/teaching/${COURSE}/record/${id}/C01-M3`;
    const empty = await trainer.post(record, { heldOn: '2999-01-01', outcome: '', note: 'kept' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('kept');
    expect((await trainer.post(record, { heldOn: '2026-11-20', outcome: 'attended', note: '' })).status).toBe(
      303,
    );
    expect((await enrolmentOf(learner.userId)).completed_at).toBeNull();
    await Promise.all(
      Array.from({ length: 5 }, () =>
        trainer.post(record, { heldOn: '2026-11-20', outcome: 'achieved', note: 'good' }),
      ),
    );
    expect((await enrolmentOf(learner.userId)).completed_at).not.toBeNull();

    const [counts] = await t.db.query<Record<string, number>>(
      'test.after',
      `select (select count(*)::int from certificates where user_id = $1) as certificates,
         (select count(*)::int from jobs where kind = 'certificate.issue' and payload->>'certificateId' =
            (select id::text from certificates where user_id = $1)) as jobs,
         (select count(*)::int from module_records where enrolment_id = $2 and replaced_at is null) as current,
         (select count(*)::int from evidence where user_id = $1 and origin_type = 'module_record') as evidence`,
      [learner.userId, id],
    );
    expect(counts).toEqual({ certificates: 1, jobs: 1, current: 1, evidence: 1 });
    // Completed and certified: the outcome cannot be taken back behind the certificate's back.
    expect((await trainer.post(record, { heldOn: '2026-11-20', outcome: 'absent', note: '' })).status).toBe(
      409,
    );

    expect((await learner.get('/certificates')).text).toContain('Being prepared');
    await t.runJobs();
    const list = await learner.get('/certificates');
    const href = /href="(\/certificates\/[^"]+\.pdf)"/.exec(list.text)?.[1] ?? '';
    const pdf = await learner
      .get(href)
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => done(null, Buffer.concat(chunks)));
      });
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');

    const other = await t.signIn();
    expect((await other.get(href)).status).toBe(404);
    expect((await t.agent().get(href)).status).toBe(303);
    const number = href.replace('/certificates/', '').replace('.pdf', '');
    const verified = await t.agent().get(`/verify/${number.toLowerCase()}`);
    expect(verified.status).toBe(200);
    expect(verified.text).toContain('is valid');
    expect(verified.text).not.toContain('@test.example');
    const unknown = await t.agent().get(`/verify/${number.slice(0, -1)}${number.endsWith('0') ? '1' : '0'}`);
    expect(unknown.status).toBe(404);
    expect(t.mails().filter((mail) => mail.includes(`/verify/${number}`))).toHaveLength(1);
  });

  it('is closed to trainers of other courses and to learners', async () => {
    const learner = await enrolled();
    const { id } = await enrolmentOf(learner.userId);
    const stranger = await trainerOf('governance-and-ownership');
    const record = `/teaching/${COURSE}/record/${id}/C01-M3`;
    const fields = { heldOn: '2026-11-20', outcome: 'achieved', note: '' };
    expect((await stranger.get(`/teaching/${COURSE}`)).status).toBe(404);
    expect((await stranger.post(record, fields)).status).toBe(404);
    expect((await learner.get(`/teaching/${COURSE}`)).status).toBe(403);
    expect((await learner.post(record, fields)).status).toBe(403);
    const trainer = await trainerOf(COURSE);
    expect((await trainer.post(`/teaching/${COURSE}/record/${id}/C01-M1`, fields)).status).toBe(404);
    const [left] = await t.db.query<{ n: number }>(
      'test.records',
      'select count(*)::int as n from module_records where enrolment_id = $1',
      [id],
    );
    expect(left?.n).toBe(0);
  });
});
