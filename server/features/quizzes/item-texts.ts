import { LRUCache } from 'lru-cache';
import { renderFragment } from '../../content/markdown';
import type { PublicText } from '../../core/quiz/present';
import type { Locale } from '../../platform/i18n/i18n';

/** An author's text as a page shows it. `lang` is set where it differs from the page's language. */
export type TextView = { html: string; lang: string | null; inline: boolean };

const rendered = new LRUCache<string, string>({
  maxSize: 8_000_000,
  sizeCalculation: (html) => html.length + 1,
});

function toHtml(markdown: string): string {
  const known = rendered.get(markdown);
  if (known !== undefined) return known;
  const html = renderFragment(markdown).trim();
  rendered.set(markdown, html);
  return html;
}

/** Renders a text; a single paragraph loses its tags, so that it fits into a legend or a label. */
export function textView({ text, lang }: PublicText, locale: Locale): TextView {
  const html = toHtml(text);
  const paragraph = /^<p>((?:(?!<\/?p>)[\s\S])*)<\/p>$/.exec(html)?.[1];
  return { html: paragraph ?? html, lang: lang === locale ? null : lang, inline: paragraph !== undefined };
}

/** The words of a text without its markup, as escaped HTML: for the options of a drop-down list. */
export function plainView(text: PublicText, locale: Locale): TextView {
  const view = textView(text, locale);
  return { ...view, html: view.html.replace(/<[^>]*>/g, '').trim(), inline: true };
}

/** A cloze text cut at its gaps: HTML, then the index of the gap that follows it, null after the last piece. */
export function clozePieces(text: PublicText, locale: Locale): { html: string; gap: number | null }[] {
  const pieces = textView(text, locale).html.split(/\{\{(\d+)\}\}/);
  return pieces.flatMap((piece, index) =>
    index % 2 === 0
      ? [{ html: piece, gap: pieces[index + 1] === undefined ? null : Number(pieces[index + 1]) }]
      : [],
  );
}
