/// <reference lib="dom" />
/**
 * Functions that run in the browser: each is sent there as text, so it may use nothing from outside itself.
 * `tsconfig.build.json` leaves the tests out, so no part of the server can be built on what only a page has.
 */

/**
 * What has the focus, what is wrong with how that shows, and how the keyboard gets from there to the target: on or back
 * with Tab, or by the link that skips to the content.
 */
export function whereIsFocus(target: Element): {
  what: string;
  problem: string | null;
  way: 'here' | 'on' | 'back' | 'skip';
} {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused === document.documentElement)
    return { what: 'nothing', problem: 'the focus is lost', way: 'on' };
  // Where the skip link leads: the whole of the content, which needs no mark.
  if (focused.matches('main')) return { what: 'main', problem: null, way: 'on' };
  const isBehind = focused.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  const skips = focused.matches('a[href="#main"]') && target.closest('main');
  const way = focused === target ? 'here' : isBehind ? 'back' : skips ? 'skip' : 'on';
  const text = (focused.getAttribute('aria-label') ?? focused.textContent ?? '').trim().replace(/\s+/g, ' ');
  const what = `${focused.tagName.toLowerCase()}${focused.id ? `#${focused.id}` : ''} “${text.slice(0, 40)}”`;
  return { what, problem: problemOf(focused), way };

  function problemOf(element: Element): string | null {
    // A link may run over two lines: its first box counts.
    const box = element.getClientRects()[0];
    if (!box || box.width === 0 || box.height === 0) return 'the focus is invisible';
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return 'the focus is off the screen';
    const top = document.elementFromPoint(x, y);
    const label = element.closest('label');
    if (!top || !(element.contains(top) || top.contains(element) || label?.contains(top)))
      return `the focus is covered by ${top?.tagName.toLowerCase()}.${top?.className}`;
    // The calendar button inside a date field is the browser's own, and so is its mark.
    if (element.matches('input[type="date"]') && !element.matches(':focus')) return null;
    // The mark may be drawn around what belongs to the element: its label, or the card that a link stretches over.
    const styles = [getComputedStyle(element), getComputedStyle(element, '::after')];
    if (label) styles.push(getComputedStyle(label));
    const isMarked = styles.some(
      ({ outlineStyle, outlineWidth, outlineColor }) =>
        outlineStyle !== 'none' &&
        Number.parseFloat(outlineWidth) >= 2 &&
        !/, 0\)$|transparent/.test(outlineColor),
    );
    return isMarked ? null : 'the focus is not marked';
  }
}

/**
 * Where the Tab key stops for a control, as a place among those of its name, and how many arrow presses are left then. A
 * group of radio buttons has one stop: the chosen one, or the first.
 */
export function wayToChoice(control: Element): { name: string; stop: number; steps: number } {
  const { name, type } = control as HTMLInputElement;
  const group = [...document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)];
  const place = group.findIndex((member) => member === control);
  if (type === 'checkbox') return { name, stop: place, steps: 0 };
  const stop = Math.max(
    0,
    group.findIndex(({ checked }) => checked),
  );
  return { name, stop, steps: (place - stop + group.length) % group.length };
}

/** What reaches beyond the right edge of the screen, unless something around it scrolls or clips. */
export function whatIsTooWide(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX) ||
      scrolls(element.parentElement === document.body ? null : element.parentElement));
  const wide = [...document.body.querySelectorAll('*')].filter(
    (element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(element.parentElement),
  );
  const names = wide.slice(-3).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
  return [
    `${document.documentElement.scrollWidth} px wide on ${innerWidth} px because of ${names.join(', ')}`,
  ];
}

export function toTop(): void {
  scrollTo(0, 0);
}
