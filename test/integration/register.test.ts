import { seed } from '../../seeds/run';
import { selectPartners } from '../../server/features/organisations/organisations.read-model';
import type { NewCluster } from '../../server/features/organisations/organisations.repository';
import { createTestApp, type TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp({ DEMO: 'true' });
  await seed(t.services);
});
afterAll(() => t.close());

const links = (html: string) => [...html.matchAll(/href="\/clusters\/([^"]+)"/g)].map(([, slug]) => slug);
const partnerId = async (country: string) =>
  (await selectPartners(t.db)).find((partner) => partner.country === country)?.id ?? '';

describe('/clusters', () => {
  it('is public, without a session, and keeps real and fictional clusters apart', async () => {
    const page = await t.agent().get('/clusters');
    expect(page.status).toBe(200);
    expect(page.headers['set-cookie']).toBeUndefined();
    const [real = '', fictional = ''] = page.text.split('id="fictional"');
    expect(links(real)).toHaveLength(7);
    expect(real).toContain('Real clusters');
    expect(real).not.toContain('(fictional)');
    expect(links(fictional)).toHaveLength(14);
    expect(fictional).toContain('Invented for the demonstration');
    expect(page.text).toContain('members stated: 135 - 50');
  });

  it('filters by country and type, from the address', async () => {
    const austria = await t.agent().get('/clusters?country=AT');
    expect(links(austria.text)).toEqual(['biotech-beispieltal', 'maschinenbau-musterland']);
    expect(austria.text).toContain('<option value="AT" selected>Austria</option>');
    const industrial = await t.agent().get('/clusters?country=AT&type=IND');
    expect(links(industrial.text)).toEqual(['maschinenbau-musterland']);
    expect(links((await t.agent().get('/clusters?type=unknown')).text)).toHaveLength(7);
  });

  it('says so when nothing matches, and reads nonsense as no filter', async () => {
    const none = await t.agent().get('/clusters?country=AT&type=SRV');
    expect(none.status).toBe(200);
    expect(none.text).toContain('No cluster matches');
    for (const nonsense of [
      'country=at',
      'type=X',
      'country=AT&country=IT',
      'page=-1',
      'page=1e9',
      'country=%00',
      "type='",
    ]) {
      const page = await t.agent().get(`/clusters?${nonsense}`);
      expect({ nonsense, status: page.status, clusters: links(page.text).length }).toEqual({
        nonsense,
        status: 200,
        clusters: 21,
      });
    }
    expect((await t.agent().get('/clusters?page=9')).text).toContain('There are fewer pages than that');
  });

  it('speaks Italian', async () => {
    const page = await t.agent().get('/clusters?lang=it');
    expect(page.text).toContain('Cluster immaginari');
    expect(page.text).toContain('tipologia non nota');
  });

  it('shows a member which cluster is theirs', async () => {
    const learner = t.agent();
    await learner.post('/login', { email: 'learner@demo.example', password: 'identikit-demo' });
    const page = await learner.get('/clusters');
    expect(page.text.match(/Your cluster/g)).toHaveLength(1);
  });

  it('turns pages when there are many clusters, within twelve statements', async () => {
    const many = await createTestApp();
    try {
      await many.services.organisations.service.addPartners([{ code: 'SI', country: 'SI', name: 'Partner' }]);
      const [partner] = await selectPartners(many.db);
      const clusters = Array.from(
        { length: 120 },
        (_, n): NewCluster => ({
          partnerId: partner?.id ?? '',
          slug: `cluster-${n}`,
          name: `Cluster ${n} ${'with a long name '.repeat(10)}`,
          type: null,
          stage: null,
          region: 'Pomurje',
          fictional: false,
          facts: {},
        }),
      );
      await many.services.organisations.service.saveClusters(clusters);
      many.statements.length = 0;
      const first = await many.agent().get('/clusters?country=SI');
      expect(many.statements.length).toBeLessThanOrEqual(12);
      const last = await many.agent().get('/clusters?country=SI&page=3');
      expect([links(first.text).length, links(last.text).length]).toEqual([50, 20]);
      expect(first.text).toContain('href="/clusters?country&#x3D;SI&amp;page&#x3D;2"');
      expect(last.text).toContain('Page 3 of 3');
      expect(last.text).toContain('rel="prev"');
    } finally {
      await many.close();
    }
  });

  it('has something to say before there is any cluster', async () => {
    const empty = await createTestApp();
    try {
      const page = await empty.agent().get('/clusters');
      expect(page.status).toBe(200);
      expect(page.text).toContain('No clusters yet');
    } finally {
      await empty.close();
    }
  });
});

describe('/clusters/:slug', () => {
  it('states facts with their sources, and what is not known', async () => {
    const page = await t.agent().get('/clusters/poli-auto');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Lombardia');
    expect(page.text).toMatch(/<dt>Stage<\/dt>\s*<dd>Not known<\/dd>/);
    expect(page.text).toContain(
      'href="http://www.comunimprese.it/portfolio-view/sistema-produttivo-poli-auto/"',
    );
    expect(page.text).toContain('add up to 114');
    expect(page.text).not.toContain('does not exist');
    const cosmesi = await t.agent().get('/clusters/cosmesi?lang=it');
    expect(cosmesi.text).toContain('135 - 50');
    expect(cosmesi.text).toContain('che cosa indichino i due numeri');
  });

  it('says of a fictional cluster that it is one', async () => {
    const page = await t.agent().get('/clusters/maschinenbau-musterland');
    expect(page.text).toContain('This cluster does not exist');
    expect(page.text).toContain('Industrial cluster');
    expect(page.text).not.toContain('What sources say');
  });

  it.each(['unknown', 'POLI-AUTO', 'a'.repeat(3000), "x' or 1=1"])('answers 404 to %p', async (slug) => {
    expect((await t.agent().get(`/clusters/${encodeURIComponent(slug)}`)).status).toBe(404);
  });

  it('names people only to staff of the partner and to administrators', async () => {
    const path = '/clusters/maschinenbau-musterland';
    const sees = async (browser: {
      get(path: string): Promise<{ text: string }> | PromiseLike<{ text: string }>;
    }) => (await browser.get(path)).text.includes('Katharina Huber');
    expect(await sees(t.agent())).toBe(false);
    expect(await sees(await t.signIn('staff', { partnerId: await partnerId('AT') }))).toBe(true);
    expect(await sees(await t.signIn('admin'))).toBe(true);
    expect(await sees(await t.signIn('staff', { partnerId: await partnerId('IT') }))).toBe(false);
    expect(await sees(await t.signIn('staff'))).toBe(false);
    const austrian = { partnerId: await partnerId('AT') };
    for (const role of ['learner', 'trainer', 'coordinator'] as const)
      expect(await sees(await t.signIn(role, austrian))).toBe(false);
    const admin = await t.signIn('admin');
    expect((await admin.get('/clusters/poli-auto')).text).toContain('Nobody is recorded for this cluster');
  });
});

describe('saving clusters', () => {
  it('refuses a source that is not a web address', async () => {
    const label = { en: 'A source' };
    const cluster: NewCluster = {
      partnerId: await partnerId('IT'),
      slug: 'forged',
      name: 'Forged',
      type: null,
      stage: null,
      region: 'Lombardia',
      fictional: false,
      facts: { members: { text: '1', source: { label, url: 'javascript:alert(1)' } } },
    };
    await expect(t.services.organisations.service.saveClusters([cluster])).rejects.toThrow('url');
    expect((await t.agent().get('/clusters/forged')).status).toBe(404);
  });
});
