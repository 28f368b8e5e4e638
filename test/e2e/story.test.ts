import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { hasChromium, launchChromium } from '../support/browser';
import { describeWith } from '../support/programs';
import { type Hands, keyboard, mouse } from './hands';
import { inspect, watchConsole } from './inspect';
import { openSite, type Person, type Site } from './site';
import { fromSignInToCertificate } from './story';

const STORY_MS = 150_000;
const WAIT_MS = 10_000;

describeWith('Browser story', 'Chromium', hasChromium(), () => {
  let site: Site;
  let browser: Browser;
  let trainer: Person;

  beforeAll(async () => {
    [site, browser] = await Promise.all([openSite(), launchChromium()]);
    trainer = await site.demo('trainer');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Three people in a browser of their own each; afterwards nothing may stand in any of their consoles. */
  async function play(given: {
    learner: Person;
    script: boolean;
    height?: number;
    handsOf(page: Page): Hands;
    look(page: Page, name: string): Promise<string[]>;
  }): Promise<void> {
    const problems: string[] = [];
    const settings: BrowserContextOptions = {
      baseURL: site.baseUrl,
      javaScriptEnabled: given.script,
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: given.height ?? 900 },
    };
    const watched: ReturnType<typeof watchConsole>[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    async function handsFor(locale: Person['locale']): Promise<Hands> {
      const context = await browser.newContext({ ...settings, locale });
      context.setDefaultTimeout(WAIT_MS);
      contexts.push(context);
      const page = await context.newPage();
      const console_ = watchConsole(page);
      // The sign-in form that comes back with its error.
      console_.expectStatus(422, '/login');
      watched.push(console_);
      return given.handsOf(page);
    }
    const { learner, script } = given;
    try {
      await fromSignInToCertificate({
        site,
        script,
        learner: { is: learner, hands: await handsFor(learner.locale) },
        trainer: { is: trainer, hands: await handsFor(trainer.locale) },
        visitor: { hands: await handsFor(learner.locale) },
        look: async (page, name) => void problems.push(...(await given.look(page, name))),
      });
      expect([...problems, ...watched.flatMap((each) => each.problems)]).toEqual([]);
    } catch (error) {
      // Where the story stopped says more when one sees what its pages complained about before.
      const said = watched.flatMap((each) => each.problems);
      if (error instanceof Error && said.length > 0) error.message += `\n\nConsoles:\n${said.join('\n')}`;
      throw error;
    } finally {
      for (const context of contexts) await context.close();
    }
  }

  it(
    'ends with a certificate that a stranger verifies, every page accessible and fitting at 1280 and 320 px',
    async () => {
      const learner = await site.demo('learner');
      await play({ learner, script: true, handsOf: mouse, look: inspect });
    },
    STORY_MS,
  );

  it(
    'works without JavaScript, in Italian',
    async () => {
      const learner = await site.invite('Đorđe Šťastný', 'it');
      await play({ learner, script: false, handsOf: mouse, look: async () => [] });
    },
    STORY_MS,
  );

  it(
    'works by keyboard alone, the focus always in sight',
    async () => {
      const learner = await site.invite('Βασιλική Παπαδοπούλου', 'en');
      // On a low screen, where what sticks to its edge covers most.
      await play({ learner, script: true, height: 600, handsOf: keyboard, look: async () => [] });
    },
    STORY_MS,
  );
});
