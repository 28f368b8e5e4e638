import type { agent, Response } from 'supertest';
import type { Locale } from '../../server/platform/i18n/i18n';

type Agent = ReturnType<typeof agent>;
type Found = { path: string; fragment: string; from: string };

/** Signs of a value that was not there when a template was filled in. */
const LEFTOVERS = /\bundefined\b|\[object Object\]|\bNaN\b|\{\{|Invalid Date/;

/**
 * Follows every link, picture, script and style of this site from one page on, as whoever the agent is signed in as.
 * @returns the addresses of the pages, and a line for each link whose target or fragment is not there, each page in
 * another language than asked for, and each text with a hole in it.
 */
export async function crawl(
  agent: Agent,
  start: string,
  locale: Locale,
): Promise<{ pages: string[]; problems: string[] }> {
  const problems: string[] = [];
  const ids = new Map<string, Set<string>>();
  const fragments: Found[] = [];
  const known = new Set([start]);
  const queue: Found[] = [{ path: start, fragment: '', from: 'the start' }];

  function discover(href: string, page: string): void {
    const url = new URL(unescaped(href), `http://this.site${page}`);
    // Other sites, mail addresses and the language switch lead elsewhere.
    if (url.host !== 'this.site' || url.searchParams.has('lang')) return;
    const found = {
      path: url.pathname + url.search,
      fragment: decodeURIComponent(url.hash.slice(1)),
      from: page,
    };
    if (found.fragment) fragments.push(found);
    if (known.has(found.path)) return;
    known.add(found.path);
    queue.push(found);
  }

  for (let next = queue.shift(); next; next = queue.shift()) {
    const { path, from } = next;
    const response: Response = await agent.get(path);
    if (response.status >= 300 && response.status < 400) {
      discover(String(response.headers['location']), path);
      continue;
    }
    if (response.status !== 200) problems.push(`${from} → ${path}: ${response.status}`);
    if (response.type !== 'text/html') continue;
    const html = response.text;
    ids.set(path, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id ?? '')));
    if (!html.includes(`<html lang="${locale}"`)) problems.push(`${path}: not in ${locale}`);
    const hole = LEFTOVERS.exec(textOf(html));
    if (hole) problems.push(`${path}: “${hole[0]}” in the text`);
    for (const [, href] of html.matchAll(/<(?:a|link|img|script|source)\b[^>]*?\s(?:href|src)="([^"]*)"/g))
      if (href !== undefined) discover(href, path);
  }
  for (const { path, fragment, from } of fragments) {
    if (ids.has(path) && !ids.get(path)?.has(fragment))
      problems.push(`${from} → ${path}#${fragment}: no such place`);
  }
  return { pages: [...ids.keys()], problems: [...new Set(problems)] };
}

/** An attribute as the browser reads it, as far as Handlebars escapes. */
function unescaped(attribute: string): string {
  return attribute
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function textOf(html: string): string {
  return html.replaceAll(/<(script|style)\b.*?<\/\1>/gs, ' ').replaceAll(/<[^>]+>/g, ' ');
}
