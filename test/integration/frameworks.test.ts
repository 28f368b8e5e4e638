import { forgetCurrentFramework } from '../../server/features/frameworks/frameworks.read-model';
import { ConflictError } from '../../server/platform/errors';
import { createTestApp, type TestApp } from '../support/app';
import { referenceFramework } from '../support/framework';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  // A published version cannot be deleted row by row.
  await app.db.query('test.empty', 'truncate framework_versions, audit_entries cascade');
  forgetCurrentFramework(app.db);
});

const publish = (framework = referenceFramework()) =>
  app.services.frameworks.service.publishVersion(framework);
const rows = () =>
  app.db.query<{ id: string; version: string; status: string; document: unknown }>(
    'test.versions',
    'select id, version, status, document from framework_versions order by version',
  );

describe('publishing a framework version', () => {
  it('stores the document; again with the same content it changes nothing, however its keys are ordered', async () => {
    const first = await publish();
    expect(first.kind).toBe('published');
    const shuffled = Object.fromEntries(Object.entries(referenceFramework()).toReversed());
    expect(await publish(shuffled as ReturnType<typeof referenceFramework>)).toEqual({
      kind: 'unchanged',
      id: first.id,
    });
    const stored = await rows();
    expect(stored).toHaveLength(1);
    expect(stored[0]?.document).toEqual(referenceFramework());
  });

  it('refuses other content under a published number and keeps what was published', async () => {
    await publish();
    const changed = referenceFramework();
    changed.title.en = 'Another title';
    await expect(publish(changed)).rejects.toThrow(ConflictError);
    expect((await rows())[0]?.document).toEqual(referenceFramework());
  });

  it('refuses a document that contradicts itself', async () => {
    const broken = referenceFramework();
    broken.competencies = broken.competencies.slice(1);
    await expect(publish(broken)).rejects.toThrow(/There is no competency GOV-01/);
    expect(await rows()).toEqual([]);
  });

  it('publishes once when several processes start together', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => publish()));
    expect(results.filter(({ kind }) => kind === 'published')).toHaveLength(1);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    const audit = await app.db.query(
      'test.audit',
      `select 1 from audit_entries where action = 'framework.published'`,
    );
    expect(audit).toHaveLength(1);
  });

  it('publishes a draft of the same number', async () => {
    await app.db.query(
      'test.draft',
      `insert into framework_versions (id, code, version, status, document)
       values (gen_random_uuid(), 'CM', '1.0', 'draft', '{}')`,
    );
    expect((await publish()).kind).toBe('published');
    expect(await rows()).toMatchObject([{ status: 'published', document: referenceFramework() }]);
  });

  it('cannot be undone in the database either', async () => {
    await publish();
    const change = `update framework_versions set document = '{}'`;
    await expect(app.db.query('test.change', change)).rejects.toThrow(/never changes/);
    await expect(app.db.query('test.delete', 'delete from framework_versions')).rejects.toThrow(
      /never changes/,
    );
  });
});

describe('the job profile', () => {
  const count = (text: string, part: string | RegExp) => text.split(part).length - 1;

  it('is public and says which version it shows', async () => {
    await publish();
    const page = await app.agent().get('/profile').expect(200);
    expect(page.text).toContain('Framework CM 1.0, published');
    expect(page.text).not.toContain('name="_csrf"');
    expect(page.headers['set-cookie']).toBeUndefined();
  });

  it('has every task, area, competency and descriptor, each competency at its own address', async () => {
    await publish();
    const { tasks, areas, competencies } = referenceFramework();
    const { text } = await app.agent().get('/profile');
    const plain = text.replaceAll('&#x27;', "'").replaceAll('&amp;', '&');
    for (const { name } of [...tasks, ...areas]) expect(plain).toContain(name.en);
    for (const { code, name, definition, descriptors } of competencies) {
      expect(count(text, `id="${code}"`)).toBe(1);
      for (const { en } of [name, definition, ...descriptors]) expect(plain).toContain(en);
    }
    expect(competencies).toHaveLength(28);
  });

  it.each(['CM', 'PO', 'IO', 'CB'])('marks the targets of role %s', async (role) => {
    await publish();
    const profile = referenceFramework().profiles.find(({ code }) => code === role);
    const targets = Object.values(profile?.targets ?? {});
    const { text } = await app.agent().get(`/profile?role=${role}`);
    expect(count(text, '<span class="tag tag--accent">')).toBe(targets.length);
    expect(count(text, 'Not needed in this role')).toBe(28 - targets.length);
    for (const level of [1, 2, 3, 4, 5]) {
      const expected = targets.filter((target) => target.level === level).length;
      expect(count(text, new RegExp(`<span class="tag">Target ${level}, `))).toBe(expected);
    }
  });

  it('compares the targets of all roles in one table', async () => {
    await publish();
    const { text } = await app.agent().get('/profile');
    const table = text.slice(text.indexOf('id="targets"'));
    const row = (code: string) =>
      [
        ...((table.split(`href="#${code}"`)[1] ?? '')
          .split('</tr>')[0]
          ?.matchAll(/<td class="num">(.*?)<\/td>/g) ?? []),
      ].map(([, cell]) => cell);
    expect(row('GOV-01')).toEqual(['3 / 2', '1 / 1', '1 / 1', '3 / 3']);
    expect(row('FIN-03')).toEqual(['3 / 1', '4 / 3', '3 / 2', '–']);
  });

  it.each(['/profile?role=XX', '/profile?role=PO&role=IO', '/profile?role[x]=PO'])(
    'reads %s as the profile of the cluster manager',
    async (address) => {
      await publish();
      const { text } = await app.agent().get(address).expect(200);
      expect(text).toMatch(/aria-current="true">Cluster manager</);
    },
  );

  it('is in Italian for Italian readers', async () => {
    await publish();
    const { text } = await app.agent().get('/profile').set('Accept-Language', 'it').expect(200);
    expect(text).toContain('<html lang="it"');
    expect(text).toContain('Governance e modelli di ownership');
    expect(text).not.toContain('Governance and ownership design');
  });

  it('shows a newer version as soon as this process has published it', async () => {
    await publish();
    await app.agent().get('/profile');
    await publish({ ...referenceFramework(), version: '1.1' });
    expect((await app.agent().get('/profile')).text).toContain('Framework CM 1.1, published');
  });

  it('says that it is unavailable while nothing is published', async () => {
    expect((await app.agent().get('/profile')).status).toBe(503);
  });

  it('keeps within its budget: 150 kB unfolded, and no statement once the document is known', async () => {
    await publish();
    await app.agent().get('/profile');
    app.statements.length = 0;
    const { text } = await app.agent().get('/profile?show=all');
    expect(Buffer.byteLength(text)).toBeLessThan(150_000);
    expect(app.statements).toEqual([]);
  });
});
