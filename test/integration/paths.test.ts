import { createTestApp, type TestApp } from '../support/app';
import { selfAssess } from '../support/people';
import { importReference } from '../support/reference';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await importReference(t);
});
afterAll(() => t.close());

const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';
const plansOf = (userId: string) =>
  t.db.query<{ replaced: boolean; steps: number }>(
    'test.plans',
    `select replaced_at is not null as replaced, (select count(*)::int from learning_plan_steps where plan_id = p.id) as steps
     from learning_plans p where user_id = $1 order by accepted_at`,
    [userId],
  );

describe('the recommended path', () => {
  it('asks for the self-assessment first', async () => {
    const learner = await t.signIn();
    const page = await learner.get('/path');
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="/assessment"');
  });

  it('is the optimal path over all 49 modules, with a reason for every step', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'CM', 0);
    const path = await t.services.paths.service.recommend(learner.userId);
    expect(path?.problem.modules).toHaveLength(49);
    expect(path?.solution.status).toBe('optimal');
    // From level 0 everywhere: checked against an independent solve of the same table.
    expect(path?.solution.minutes).toBe(113.5 * 60);
    const page = await learner.get('/path');
    expect(page.text).toContain('113 h 30 min');
    expect(page.text).toContain('Optimal: no shorter path');
    const steps = path?.solution.steps ?? [];
    for (const step of steps) expect(page.text).toContain(`<p class="eyebrow">${step.module} ·`);
    expect(steps.every((step) => step.closes.length + step.prerequisiteFor.length > 0)).toBe(true);
    const seen = new Set<string>();
    for (const step of steps) {
      const module = path?.problem.modules.find((candidate) => candidate.code === step.module);
      expect(module?.prerequisites.every((code) => seen.has(code))).toBe(true);
      seen.add(step.module);
    }
  });

  it('has nothing to add for somebody who is at target everywhere', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'CB', 5);
    const page = await learner.get('/path');
    expect(page.text).toContain('There is nothing to add');
    expect(page.text).not.toContain('/path/accept');
  });

  it('stays within twelve statements and 60 kB', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'CM', 0);
    await learner.get('/path');
    t.statements.length = 0;
    const page = await learner.get('/path');
    expect(t.statements.length + 1).toBeLessThanOrEqual(12);
    expect(page.text.length).toBeLessThan(60_000);
  });
});

describe('accepting it', () => {
  it('makes a dated plan; planning again keeps the old one as history', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'PO', 2);
    const page = await learner.get('/path');
    const fields = { hash: hidden(page.text, 'hash'), hoursPerWeek: '3', startsOn: '2026-12-01' };
    const accepted = await learner.post('/path/accept', fields);
    expect(accepted.status).toBe(303);
    const after = await learner.get('/path');
    expect(after.text).toContain('Your plan is saved.');
    expect(after.text).toContain('1 December 2026');
    expect((await learner.get('/home')).text).toContain('1 December 2026');
    expect(after.text).toContain('Plan again');

    await Promise.all(
      Array.from({ length: 5 }, () => learner.post('/path/accept', { ...fields, hoursPerWeek: '5' })),
    );
    const plans = await plansOf(learner.userId);
    expect(plans.filter((plan) => !plan.replaced)).toHaveLength(1);
    expect(plans).toHaveLength(6);
    expect(new Set(plans.map((plan) => plan.steps)).size).toBe(1);
  });

  it('is refused when the path has changed since it was shown', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'PO', 2);
    const shown = await learner.get('/path');
    await selfAssess(t, learner.userId, 'PO', 1);
    await learner.post('/path/accept', {
      hash: hidden(shown.text, 'hash'),
      hoursPerWeek: '3',
      startsOn: '2026-12-01',
    });
    expect(await plansOf(learner.userId)).toEqual([]);
    expect((await learner.get('/path')).text).toContain('Your path has changed since you opened the page');
  });

  it('says when new evidence has changed what a plan needs, and what', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'PO', 2);
    const page = await learner.get('/path');
    await learner.post('/path/accept', {
      hash: hidden(page.text, 'hash'),
      hoursPerWeek: '3',
      startsOn: '2026-12-01',
    });
    await selfAssess(t, learner.userId, 'PO', 1);
    expect((await learner.get('/path')).text).toContain('New evidence has changed what you need');
  });

  it('gives bad hours and dates back beside their fields', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'CM', 1);
    const hash = hidden((await learner.get('/path')).text, 'hash');
    const response = await learner.post('/path/accept', { hash, hoursPerWeek: '900', startsOn: 'tomorrow' });
    expect(response.status).toBe(422);
    expect(response.text).toContain('id="hoursPerWeek-error"');
    expect(response.text).toContain('value="900"');
    expect(response.text).toContain('id="startsOn-error"');
    // The page that came back can still change its language: at the address of the form, not of the POST.
    expect(response.text).not.toContain('/path/accept?lang');
    expect(await plansOf(learner.userId)).toEqual([]);
  });
});
