import type { Browser } from 'playwright-core';
import { takeFirstCourse } from '../../seeds/demo/first-course';
import { currentFramework } from '../../server/features/frameworks/frameworks.read-model';
import { navigation } from '../../server/navigation';
import { USER_ROLES, type UserRole } from '../../server/platform/http/current-user';
import { LOCALES, type Locale } from '../../server/platform/i18n/i18n';
import { hasChromium, launchChromium } from '../support/browser';
import { describeWith } from '../support/programs';
import { crawl } from './crawl';
import { inspect, overflow, watchConsole } from './inspect';
import { openSite, type Person, type Site } from './site';

const CRAWL_MS = 60_000;
const PAGES_MS = 90_000;

/** Pages beside those of the sidebar that a visitor or a role can open. */
const FURTHER: Readonly<Record<'visitor' | UserRole, string[]>> = {
  visitor: [
    '/',
    '/login',
    '/password-reset',
    '/profile',
    '/profile?show=all',
    '/catalogue/paths',
    '/glossary',
    '/clusters',
    '/verify',
  ],
  learner: ['/account'],
  trainer: [],
  staff: [],
  coordinator: [],
  admin: ['/admin/accounts', '/admin/accounts/invite'],
};
/** What the browser story has looked at already, for the roles in it. */
const IN_STORY = /^\/(home|assessment|gap|path|catalogue|certificates|teaching|login|verify)?$/;
/** The same for everybody who is signed in. */
const FOR_EVERYBODY = /^\/(catalogue|profile)$/;

let site: Site;
/** Somebody with evidence, a course begun and a quiz passed. */
let advanced: Person;

beforeAll(async () => {
  site = await openSite();
  advanced = await site.invite('Ágnes Szűcs', 'en');
  const { services, db } = site.app;
  await takeFirstCourse(services, [{ userId: advanced.id, modules: 1, lessons: 2 }]);
  await services.assessments.service.start(advanced.id, 'CM');
  const { document } = await currentFramework(db);
  const answers = document.competencies.map(({ code }) => ({
    competency: code,
    level: 1 as const,
    note: '',
  }));
  await services.assessments.service.saveAnswers(advanced.id, undefined, answers);
  await services.assessments.service.submit(advanced.id, undefined);
}, 60_000);
afterAll(() => site?.close());

function isLookedAt(who: 'visitor' | UserRole, path: string): boolean {
  if (who === 'learner' || who === 'trainer' || who === 'visitor') return IN_STORY.test(path);
  return FOR_EVERYBODY.test(path);
}

const personOf = (role: UserRole): Promise<Person> =>
  role === 'learner' ? Promise.resolve(advanced) : site.demo(role);

describe.each(LOCALES)('Links, in %s', (locale) => {
  it.each(['visitor', 'newcomer', ...USER_ROLES] as const)(
    'lead a %s to pages that are there, in that language, and whose parts are there',
    async (who) => {
      const agent = site.app.agent();
      if (who !== 'visitor') {
        const { email, password } = await (who === 'newcomer' ? site.demo('learner') : personOf(who));
        const { status } = await agent.post('/login', { email, password });
        if (status !== 303) throw new Error(`signing in answered ${status}`);
      }
      await agent.get(`/profile?lang=${locale}`);
      const { pages, problems } = await crawl(agent.raw, who === 'visitor' ? '/' : '/home', locale);
      expect(problems).toEqual([]);
      // The catalogue alone leads to eleven courses.
      expect(pages.length).toBeGreaterThan(15);
    },
    CRAWL_MS,
  );
});

describeWith('Pages of the navigation in a browser', 'Chromium', hasChromium(), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each(['visitor', ...USER_ROLES] as const)(
    'of a %s open in both languages without an error, fit at 320 px and are accessible',
    async (who) => {
      const problems: string[] = [];
      for (const locale of LOCALES) problems.push(...(await openAll(who, locale)));
      expect(problems).toEqual([]);
    },
    PAGES_MS,
  );

  async function openAll(who: 'visitor' | UserRole, locale: Locale): Promise<string[]> {
    const problems: string[] = [];
    const settings = { baseURL: site.baseUrl, locale, reducedMotion: 'reduce' } as const;
    const context = await browser.newContext({ ...settings, viewport: { width: 320, height: 700 } });
    try {
      const page = await context.newPage();
      const console_ = watchConsole(page);
      if (who !== 'visitor') {
        const { email, password } = await personOf(who);
        await page.goto('/login');
        await page.locator('input[name="email"]').fill(email);
        await page.locator('input[name="password"]').fill(password);
        await page.getByRole('main').getByRole('button').click();
        await page.waitForURL('**/home');
      }
      // The account's language counts until one is chosen.
      await page.goto(`/profile?lang=${locale}`);
      const sidebar = who === 'visitor' ? [] : navigation(who).map(({ href }) => href);
      for (const path of [...sidebar, ...FURTHER[who]]) {
        await page.goto(path);
        const name = `${who}${path.replaceAll(/\W+/g, '-')}`;
        expect(await page.locator('html').getAttribute('lang')).toBe(locale);
        if (locale === 'en' && !isLookedAt(who, path)) {
          problems.push(...(await inspect(page, name)));
          await page.setViewportSize({ width: 320, height: 700 });
        } else
          problems.push(...(await overflow(page)).map((what) => `${name} at 320 px, ${locale}: ${what}`));
      }
      if (who === 'visitor') {
        console_.expectStatus(404, '/no-such-page');
        await page.goto('/no-such-page');
        problems.push(...(await inspect(page, `not-found-${locale}`)));
      }
      problems.push(...console_.problems);
    } finally {
      await context.close();
    }
    return problems;
  }
});
