import { spawnSync } from 'node:child_process';
import type { Locator, Page } from 'playwright-core';
import type { Question } from '../../server/core/quiz/item';
import { selectOptionalCourse } from '../../server/features/catalogue/catalogue.read-model';
import { currentFramework } from '../../server/features/frameworks/frameworks.read-model';
import type { Translate } from '../../server/platform/i18n/i18n';
import { eventually } from '../support/eventually';
import { openAttempt, plain, rightChoices } from './answer-key';
import type { Hands } from './hands';
import type { Person, Site } from './site';

export const COURSE = 'cluster-manager-profession';

export type Cast = {
  site: Site;
  /** Whether pages may run their script. */
  script: boolean;
  learner: { is: Person; hands: Hands };
  trainer: { is: Person; hands: Hands };
  visitor: { hands: Hands };
  /** Called on each page of the story, once. */
  look(page: Page, name: string): Promise<void>;
};

/** From the landing page to a certificate that a stranger verifies, as one person lives it. */
export async function fromSignInToCertificate(cast: Cast): Promise<void> {
  const { site, script, learner, look } = cast;
  const { hands, is } = learner;
  const { page } = hands;
  const t = site.app.services.i18n.translator(is.locale);
  const { document: framework } = await currentFramework(site.app.db);
  const { outline } = await course(site);

  await signInAfterMistake();
  await look(page, 'home-first');
  await assess();
  await see('/gap');
  await look(page, 'gap');
  expect(await page.locator('main svg[role="img"]').count()).toBeGreaterThanOrEqual(framework.areas.length);
  expect(await page.locator('main table tbody tr[id]').count()).toBe(framework.competencies.length);

  await hands.go(link(page, t('assessments.gap.toPath')));
  await see('/path');
  await page.getByText(t('paths.optimal')).waitFor();
  await look(page, 'path');
  await hands.write(page.getByLabel(t('paths.hoursPerWeek')), '4');
  await hands.go(button(page, t('paths.accept')));
  await page.getByText(t('paths.accepted')).waitFor();
  expect(await page.locator('.timeline > li').count()).toBeGreaterThan(5);
  await look(page, 'path-accepted');

  await hands.go(navigation(page, t, 'nav.catalogue'));
  await look(page, 'catalogue');
  await hands.go(link(page, outline.title[is.locale] ?? outline.title.en));
  await see(`/courses/${COURSE}`);
  await look(page, 'course');
  await hands.go(button(page, t('learning.course.enrol')));
  await learn();
  await site.pauseJobs();
  await recordLiveModule(cast);
  const number = await receiveCertificate();
  await look(page, 'verify');
  await verifyAsStranger(cast, number);

  await hands.press(page.locator('summary').filter({ hasText: t('layout.account') }));
  await hands.go(button(page, t('layout.signOut')));
  await see('/');

  async function see(path: string): Promise<void> {
    expect(new URL(page.url()).pathname).toBe(path);
  }

  async function signInAfterMistake(): Promise<void> {
    await page.goto('/');
    await look(page, 'landing');
    await hands.go(page.getByRole('main').getByRole('link', { name: t('home.landing.signIn'), exact: true }));
    await look(page, 'sign-in');
    await hands.write(page.getByLabel(t('accounts.email')), is.email);
    await hands.go(button(page, t('accounts.signIn.submit'), 'main'));
    const summary = page.getByRole('alert');
    await summary.getByRole('link', { name: t('accounts.errors.passwordMissing') }).waitFor();
    if (script) expect(await summary.and(page.locator(':focus')).count()).toBe(1);
    expect(await page.getByLabel(t('accounts.email')).inputValue()).toBe(is.email);
    await look(page, 'sign-in-mistake');
    await hands.write(page.getByLabel(t('accounts.password')), is.password);
    await hands.go(button(page, t('accounts.signIn.submit'), 'main'));
    await see('/home');
  }

  async function assess(): Promise<void> {
    await hands.go(link(page, t('home.next.start')));
    await see('/assessment');
    await look(page, 'assessment');
    // Somebody with a role in a cluster is not asked for one.
    const roles = page.getByRole('radio');
    if ((await roles.count()) > 0) await hands.choose(roles.first());
    await hands.go(button(page, t('assessments.start.submit')));
    for (const [place, area] of framework.areas.entries()) {
      await see(`/assessment/${area.code}`);
      const competencies = framework.competencies.filter((competency) => competency.area === area.code);
      for (const [i, { name }] of competencies.entries()) {
        const statement = page.getByRole('group', { name: name[is.locale] ?? name.en, exact: true });
        const radio = statement.getByRole('radio').nth((place + i) % 3);
        await hands.choose(radio);
        if (script && place + i === 0) await survivesReload(radio);
      }
      if (place === 0) await look(page, 'assessment-area');
      await hands.go(page.locator('#statements').getByRole('button'));
      if (place === 0) {
        await hands.go(navigation(page, t, 'nav.home'));
        await look(page, 'home-assessing');
        await hands.go(link(page, t('home.next.continue')));
        await look(page, 'assessment-open');
        const next = framework.areas[1]?.name;
        await hands.go(link(page, t('assessments.start.continue', { area: next?.[is.locale] ?? next?.en })));
      }
    }
    await see('/assessment/review');
    await look(page, 'assessment-review');
    await hands.go(button(page, t('assessments.review.submit')));
  }

  /** What a page says is saved is there after a reload, before any button was pressed. */
  async function survivesReload(control: Locator): Promise<void> {
    await page.getByText(t('save.saved'), { exact: true }).waitFor();
    await page.reload();
    expect(await control.isChecked()).toBe(true);
  }

  async function learn(): Promise<void> {
    for (const [m, module] of outline.modules.entries()) {
      for (const [i, lesson] of module.lessons.entries()) {
        await see(`/learn/${COURSE}/${module.code}/${lesson.slug}`);
        await page
          .getByRole('heading', { level: 1, name: lesson.title[is.locale] ?? lesson.title.en })
          .waitFor();
        if (m === 0 && i === 0) await look(page, 'lesson');
        if (m === 0 && i === 1) {
          await hands.go(navigation(page, t, 'nav.home'));
          await look(page, 'home-learning');
          await hands.go(link(page, t('home.next.toLesson')));
          await see(`/learn/${COURSE}/${module.code}/${lesson.slug}`);
        }
        await hands.go(page.locator('.prev-next').getByRole('button'));
      }
      if (module.quiz) await takeQuiz(module.code, m === 0);
    }
    await see(`/courses/${COURSE}`);
    await page.getByText(t('learning.awaiting.record')).first().waitFor();
    await look(page, 'course-awaiting');
  }

  async function takeQuiz(module: string, first: boolean): Promise<void> {
    await see(`/learn/${COURSE}/${module}/quiz`);
    if (first) await look(page, 'quiz');
    await hands.go(button(page, t('quizzes.intro.start')));
    const items = await openAttempt(site.app.db, is.id);
    for (const [i, item] of items.entries()) {
      await page.getByText(t('quizzes.attempt.place', { number: i + 1, total: items.length })).waitFor();
      if (item.type === 'scenario') {
        for (const [stage, question] of item.stages.entries()) {
          await answer(question);
          if (first && stage === 1) await look(page, 'quiz-scenario');
          if (stage + 1 < item.stages.length) await hands.go(page.locator('button[name="next"]'));
        }
      } else {
        await answer(item);
        if (first && i === 0) {
          await look(page, 'quiz-question');
          if (script) await leaveAndComeBack(items.length);
        }
      }
      const last = i + 1 === items.length;
      await hands.go(button(page, t(last ? 'quizzes.attempt.toReview' : 'quizzes.attempt.next')));
    }
    await page.getByText(t('quizzes.check.all')).waitFor();
    if (first) await look(page, 'quiz-check');
    await hands.go(button(page, t('quizzes.check.submit')));
    await page.getByRole('heading', { name: t('quizzes.result.passed') }).waitFor();
    if (first) await look(page, 'quiz-result');
    await hands.go(link(page, t('quizzes.result.continue')));
  }

  /** An answer that the page called saved is there later; meanwhile the quiz goes on with the next question. */
  async function leaveAndComeBack(total: number): Promise<void> {
    await page.getByText(t('save.saved'), { exact: true }).waitFor();
    const chosen = await page.locator('fieldset input:checked + span').innerText();
    await hands.go(navigation(page, t, 'nav.home'));
    await look(page, 'home-quiz');
    await hands.go(link(page, t('home.next.toQuiz')));
    await page.getByText(t('quizzes.attempt.place', { number: 2, total })).waitFor();
    await hands.go(page.getByRole('link', { name: t('quizzes.question', { number: 1 }) }).first());
    expect(await page.locator('fieldset input:checked + span').innerText()).toBe(chosen);
  }

  async function answer(question: Question): Promise<void> {
    // The open question is the one whose controls are on the page; answered parts of a case have none.
    const labels = page.locator('fieldset label').filter({ has: page.locator('input') });
    const shown = (await labels.allInnerTexts()).map(plain);
    for (const text of rightChoices(question, is.locale, t).texts) {
      const place = shown.indexOf(text);
      if (place < 0) throw new Error(`“${text}” of ${question.id} is not among ${shown.join(' | ')}`);
      await hands.choose(labels.nth(place).locator('input'));
    }
  }

  async function receiveCertificate(): Promise<string> {
    await hands.go(navigation(page, t, 'nav.certificates'));
    await page.getByText(t('certificates.pendingText')).waitFor();
    await look(page, 'certificates-pending');
    await site.resumeJobs();
    const download = link(page, t('certificates.download'));
    // With script the page notices by itself; without, its reader looks again.
    if (script) await download.waitFor();
    else
      await eventually(async () => {
        await hands.go(link(page, t('certificates.refresh')));
        expect(await download.count()).toBe(1);
      });
    await look(page, 'certificates');
    const pdf = await page.request.get((await download.getAttribute('href')) ?? '');
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expectPdfFor(is.name, await pdf.body());

    await hands.go(link(page, t('certificates.verifyPage')));
    await page.getByRole('heading', { level: 1, name: is.name }).waitFor();
    return new URL(page.url()).pathname.replace('/verify/', '');
  }
}

/** The trainer finds on their dashboard who waits for them and records the session's outcome. */
async function recordLiveModule({ site, trainer, learner, look }: Cast): Promise<void> {
  const { hands, is } = trainer;
  const { page } = hands;
  const t = site.app.services.i18n.translator(is.locale);
  const { outline } = await course(site);
  await page.goto('/home');
  await hands.write(page.getByLabel(t('accounts.email')), is.email);
  await hands.write(page.getByLabel(t('accounts.password')), is.password);
  await hands.go(button(page, t('accounts.signIn.submit'), 'main'));
  await look(page, 'home-trainer');
  await hands.go(navigation(page, t, 'nav.teaching'));
  await look(page, 'teaching');
  await hands.go(link(page, outline.title[is.locale] ?? outline.title.en, 'main'));
  await look(page, 'people');
  await hands.go(
    page
      .getByRole('row')
      .filter({ hasText: learner.is.name })
      .getByRole('link', { name: t('learning.people.record') }),
  );
  await look(page, 'record');
  await hands.choose(page.getByLabel(t('learning.record.achieved'), { exact: false }).first());
  await hands.go(button(page, t('learning.record.save')));
  await page.getByText(t('learning.record.saved')).waitFor();
  await look(page, 'people-recorded');
}

/** Somebody without an account types the number from the paper, in their own way. */
async function verifyAsStranger({ site, learner, visitor, look }: Cast, number: string): Promise<void> {
  const { hands } = visitor;
  const { page } = hands;
  const t = site.app.services.i18n.translator(learner.is.locale);
  await page.goto('/verify');
  await look(page, 'verify-form');
  await hands.write(
    page.getByLabel(t('certificates.verify.number')),
    number.toLowerCase().replaceAll('-', ' '),
  );
  await hands.go(button(page, t('certificates.verify.submit')));
  await page.getByRole('heading', { level: 1, name: learner.is.name }).waitFor();
  await page.getByText(t('certificates.standing.valid'), { exact: true }).waitFor();
}

async function course(site: Site) {
  const found = await selectOptionalCourse(site.app.db, COURSE);
  if (!found) throw new Error(`The course ${COURSE} is not imported`);
  return found;
}

const link = (page: Page, name: string, within: 'main' | 'document' = 'document'): Locator =>
  scope(page, within).getByRole('link', { name, exact: true });

const button = (page: Page, name: string, within: 'main' | 'document' = 'document'): Locator =>
  scope(page, within).getByRole('button', { name, exact: true });

const scope = (page: Page, within: 'main' | 'document'): Locator =>
  within === 'main' ? page.getByRole('main') : page.locator('body');

const navigation = (page: Page, t: Translate, key: string): Locator =>
  page.getByRole('navigation', { name: t('layout.nav') }).getByRole('link', { name: t(key), exact: true });

/** The document names its holder; where nothing can read it, at least it is a PDF. */
function expectPdfFor(name: string, body: Buffer): void {
  expect(body.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  const { error, stdout } = spawnSync('pdftotext', ['-', '-'], { input: body, encoding: 'utf8' });
  if (!error) expect(stdout.normalize('NFC')).toContain(name);
}
