import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { toTop, whatIsTooWide } from './in-page';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Each size and each colour scheme once. 320 px is WCAG's reflow width: 1280 px at 400 %. */
const LOOKS = [
  { width: 1280, height: 900, colorScheme: 'light' },
  { width: 320, height: 700, colorScheme: 'dark' },
] as const;
const DESK = LOOKS[0];
/** A folder for pictures of every inspected page at both widths, in the light scheme; none are taken without it. */
const PICTURES = process.env['BROWSER_PICTURES'];

/** What accessibility rules and the layout say against the page as it stands: an empty list if nothing. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const look = `${name} at ${width} px, ${colorScheme}`;
    // In the page itself: the other mode needs a second page for each run.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    const { violations } = await axe.withTags(RULES).analyze();
    for (const { id, help, nodes } of violations) {
      const places = nodes
        .slice(0, 5)
        .map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`);
      problems.push(`${look}: ${id}, ${help}\n  ${places.join('\n  ')}`);
    }
    problems.push(...(await overflow(page)).map((what) => `${look}: ${what}`));
  }
  if (PICTURES) await takePictures(page, name, PICTURES);
  await page.setViewportSize({ width: DESK.width, height: DESK.height });
  await page.emulateMedia({ colorScheme: DESK.colorScheme });
  return problems;
}

/** What makes the page wider than the screen. */
export async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(whatIsTooWide);
}

async function takePictures(page: Page, name: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ colorScheme: 'light' });
  for (const { width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    // What sticks to the screen would otherwise be pictured where the page was scrolled to.
    await page.evaluate(toTop);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
}

/**
 * Listens for what a visitor would find in the browser's console: errors of scripts, blocked styles, files that are not
 * there. A page that is meant to answer with an error is announced with `expectStatus`.
 */
export function watchConsole(page: Page): {
  problems: string[];
  expectStatus(status: number, path: string): void;
} {
  const problems: string[] = [];
  const expected = new Set<string>();
  const isExpected = (status: string | number | undefined, url: string) =>
    URL.canParse(url) && expected.has(`${status} ${new URL(url).pathname}`);
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
    if (!isExpected(status, url)) problems.push(`${page.url()}: console: ${message.text()} (${url})`);
  });
  page.on('pageerror', (error) => problems.push(`${page.url()}: script: ${error.message}`));
  page.on('response', (response) => {
    const status = response.status();
    if (status < 400 || isExpected(status, response.url())) return;
    problems.push(`${page.url()}: ${status} ${response.url()}`);
  });
  return { problems, expectStatus: (status, path) => expected.add(`${status} ${path}`) };
}
