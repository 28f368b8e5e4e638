import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { wayToChoice, whereIsFocus } from './in-page';

/** What a person does to a page, by mouse or by keyboard. */
export type Hands = {
  page: Page;
  /** Follows a link or presses a button that leads to a page, and waits until that page is there. */
  go(target: Locator): Promise<void>;
  /** Opens or closes something on the page. */
  press(target: Locator): Promise<void>;
  write(field: Locator, text: string): Promise<void>;
  /** Chooses a radio button or ticks a checkbox. */
  choose(control: Locator): Promise<void>;
};

async function arriveBy(page: Page, act: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForEvent('load'), act()]);
}

export function mouse(page: Page): Hands {
  return {
    page,
    go: (target) => arriveBy(page, () => target.click()),
    press: (target) => target.click(),
    write: (field, text) => field.fill(text),
    choose: (control) => control.check(),
  };
}

const KEYS = { on: 'Tab', back: 'Shift+Tab', skip: 'Enter' } as const;
/** Most presses of Tab that a page may ask for before something is reached. */
const PATIENCE = 400;

/**
 * Tab, Shift+Tab, Enter, Space and arrows only. At each step the focus must be somewhere, on the screen, uncovered and
 * marked: WCAG 2.2, 2.1.1, 2.1.2, 2.4.7 and 2.4.11.
 */
export function keyboard(page: Page): Hands {
  async function tabTo(target: Locator): Promise<void> {
    const visited: string[] = [];
    // Found once: to look a name up again at each step would take most of the time.
    const element = await target.elementHandle();
    if (!element) throw new Error(`${page.url()}: there is no ${String(target)}`);
    let focus = await element.evaluate(whereIsFocus);
    while (focus.way !== 'here') {
      if (visited.length === PATIENCE) {
        const last = visited.slice(-20).join(', ');
        throw new Error(
          `${page.url()}: the keyboard does not reach ${String(target)}. The last stops: ${last}`,
        );
      }
      await page.keyboard.press(KEYS[focus.way]);
      focus = await element.evaluate(whereIsFocus);
      visited.push(focus.what);
      if (focus.problem) throw new Error(`${page.url()}: ${focus.problem} at ${focus.what}`);
    }
  }

  async function enter(target: Locator): Promise<void> {
    await tabTo(target);
    await page.keyboard.press('Enter');
  }

  return {
    page,
    go: (target) => arriveBy(page, () => enter(target)),
    press: enter,
    async write(field, text) {
      await tabTo(field);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(text);
    },
    async choose(control) {
      if (await control.isChecked()) return;
      const { name, stop, steps } = await control.evaluate(wayToChoice);
      await tabTo(page.locator(`input[name="${name}"]`).nth(stop));
      await page.keyboard.press('Space');
      for (let i = 0; i < steps; i++) await page.keyboard.press('ArrowDown');
      await eventually(async () => expect(await control.isChecked()).toBe(true));
    },
  };
}
