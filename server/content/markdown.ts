import MarkdownIt from 'markdown-it';
import container from 'markdown-it-container';
import type { ContentLanguage } from '../core/framework';
import { BLOCKS, type Block, blockWords, exerciseHeading } from './blocks';
import type { TermLookup } from './glossary-index';
import type { Report } from './issues';

type Token = MarkdownIt.Token;

export type MediaFile = { href: string; width: number | null; height: number | null };

type Context = {
  language: ContentLanguage;
  report: Report;
  /** Line of the file at which the Markdown begins. */
  firstLine: number;
  terms: TermLookup;
  /** Address of a file named in the text, `figures/…` or `files/…`; null if there is none. */
  media: (path: string) => MediaFile | null;
};

export type RenderedLesson = {
  html: string;
  /** The `::: facilitator` blocks, which learners do not see. */
  facilitatorHtml: string;
  /** What a learner reads, as plain text. */
  text: string;
  words: number;
  exerciseMinutes: number;
};

const md = new MarkdownIt({ html: false, linkify: false, typographer: false });
// Every address reaches `checkLink`, which knows the few kinds that are allowed and reports the others.
md.validateLink = () => true;
for (const block of BLOCKS) {
  md.use(container, block, {
    validate: (params: string) => params.trim().split(/\s+/)[0] === block,
    render: (tokens: Token[], index: number) => {
      const token = tokens[index];
      if (token?.nesting !== 1) return '</aside>\n';
      const { kind, title } = token.meta as { kind: string; title: string };
      const heading = title ? `<p class="callout__title">${escapeHtml(title)}</p>\n` : '';
      return `<aside class="callout callout--${block}">\n<p class="callout__kind">${escapeHtml(kind)}</p>\n${heading}`;
    },
  });
}

/** `[[term]]` and `[[term|words shown]]`. */
md.inline.ruler.before('link', 'term', (state, silent) => {
  const match = /^\[\[([^[\]|\n]+)(?:\|([^[\]\n]+))?\]\]/.exec(state.src.slice(state.pos, state.pos + 200));
  if (!match?.[1]) return false;
  if (!silent) {
    const token = state.push('term', 'a', 0);
    token.content = (match[2] ?? match[1]).trim();
    token.meta = { reference: match[1], inLink: state.linkLevel > 0 };
  }
  state.pos += match[0].length;
  return true;
});
md.renderer.rules['term'] = (tokens, index) => {
  const token = tokens[index];
  const words = escapeHtml(token?.content ?? '');
  const id = token?.meta?.['id'];
  return typeof id === 'string' ? `<a class="term" href="/glossary#${id}">${words}</a>` : words;
};
md.renderer.rules['figcaption'] = (tokens, index) =>
  `\n<figcaption>${escapeHtml(tokens[index]?.content ?? '')}</figcaption>`;
md.renderer.rules['table_open'] = (tokens, index) => {
  const label = tokens[index]?.meta?.['label'];
  const name = typeof label === 'string' ? escapeHtml(label) : '';
  return `<div class="table-wrap" role="region" tabindex="0" aria-label="${name}">\n<table class="table">\n`;
};
md.renderer.rules['table_close'] = () => '</table>\n</div>\n';

/** Renders a lesson's Markdown to the HTML the lesson player shows. Whatever is wrong with it is reported, never thrown. */
export function renderLesson(markdown: string, context: Context): RenderedLesson {
  checkBlocks(markdown, context);
  const env = {};
  const tokens = md.parse(markdown, env);
  const finished = finish(tokens, context);
  const { main, facilitator } = splitFacilitator(tokens);
  const text = plainText(main);
  return {
    html: md.renderer.render(main, md.options, env),
    facilitatorHtml: md.renderer.render(facilitator, md.options, env),
    text,
    words: text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
    exerciseMinutes: finished.exerciseMinutes,
  };
}

/** Renders the Markdown of a question, an option or a feedback: no pictures, blocks or glossary terms. Safe for any text. */
export function renderFragment(markdown: string): string {
  const env = {};
  const tokens = md.parse(markdown, env);
  finish(tokens, {
    language: 'en',
    report: () => undefined,
    firstLine: 1,
    terms: () => null,
    media: () => null,
  });
  return md.renderer.render(tokens, md.options, env);
}

const escapeHtml = md.utils.escapeHtml;

/** Blocks are found by line: the parser closes an open one silently at the end of the text. */
function checkBlocks(markdown: string, { report, firstLine }: Context): void {
  let fence: string | null = null;
  let open: { line: number; name: string } | null = null;
  const unclosed = ({ line, name }: { line: number; name: string }) =>
    report(
      'error',
      line,
      `The block "${name}" is not closed.`,
      'Close it with a line that holds only ":::".',
    );
  for (const [index, text] of markdown.split('\n').entries()) {
    const line = index + firstLine;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark) {
      if (fence === null) fence = mark;
      else if (mark.startsWith(fence)) fence = null;
      continue;
    }
    const colons = fence === null ? /^\s*:{3,}(.*)$/.exec(text) : null;
    if (!colons) continue;
    const name = (colons[1] ?? '').trim().split(/\s+/)[0] ?? '';
    if (name === '') {
      if (!open) report('error', line, 'This ":::" closes nothing.', 'Remove it, or open a block before it.');
      open = null;
      continue;
    }
    if (open) unclosed(open);
    if (!BLOCKS.some((block) => block === name)) {
      report('error', line, `There is no block "${name}".`, `The blocks are ${BLOCKS.join(', ')}.`);
    }
    open = { line, name };
  }
  if (open) unclosed(open);
}

/** Gives the parsed tokens their addresses, classes and ids, and reports what is wrong on the way. */
function finish(tokens: Token[], context: Context): { exerciseMinutes: number } {
  const words = blockWords(context.language);
  const ids = new Map<string, number>();
  let exerciseMinutes = 0;
  let line = context.firstLine;
  let headingLevel = 1;
  let tables = 0;
  let nearestHeading = '';

  for (const [index, token] of tokens.entries()) {
    if (token.map) line = token.map[0] + context.firstLine;
    const block = /^container_(\w+)_open$/.exec(token.type)?.[1] as Block | undefined;
    if (block) {
      const given = token.info.trim().slice(block.length).trim();
      const { minutes, title } = block === 'exercise' ? exerciseHeading(given) : { minutes: 0, title: given };
      exerciseMinutes += minutes;
      token.meta = { kind: minutes > 0 ? `${words[block]} · ${minutes} min` : words[block], title };
      nearestHeading = title || words[block];
    } else if (token.type === 'heading_open') {
      const level = Number(token.tag.slice(1));
      const text = plainText(tokens.slice(index + 1, index + 2)).trim();
      checkHeading(level, headingLevel, line, context.report);
      headingLevel = level;
      nearestHeading = text;
      token.attrSet('id', headingId(text, ids));
    } else if (token.type === 'table_open') {
      tables += 1;
      token.meta = { label: [`${words.table} ${tables}`, nearestHeading].filter(Boolean).join(': ') };
    } else if (token.type === 'th_open' || token.type === 'td_open') {
      finishCell(token, tokens[index + 1], tokens[index + 2]);
    } else if (token.type === 'inline') {
      finishInline(token, line, context);
      makeFigure(tokens[index - 1], token, tokens[index + 1]);
    }
  }
  return { exerciseMinutes };
}

function checkHeading(level: number, before: number, line: number, report: Report): void {
  if (level === 1) {
    report(
      'error',
      line,
      'A heading "#" repeats the level of the title.',
      'Begin with "##"; the title is in the front matter.',
    );
  } else if (level > before + 1) {
    const advice = `Use "${'#'.repeat(before + 1)}", so that people who navigate by headings miss nothing.`;
    report('error', line, `The heading "${'#'.repeat(level)}" skips a level.`, advice);
  }
}

/** A fragment address made of the heading's words; the prefix keeps it apart from the page's own ids. */
function headingId(text: string, taken: Map<string, number>): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  const times = (taken.get(words) ?? 0) + 1;
  taken.set(words, times);
  return times === 1 ? `s-${words}` : `s-${words}-${times}`;
}

/** The parser aligns cells by inline style, which our content security policy forbids. */
function finishCell(cell: Token, content: Token | undefined, close: Token | undefined): void {
  const right = String(cell.attrGet('style') ?? '').includes('right');
  cell.attrs = right ? [['class', 'num']] : null;
  if (cell.type !== 'th_open') return;
  if (content?.content.trim() === '' && close) {
    cell.tag = 'td';
    close.tag = 'td';
  } else {
    cell.attrSet('scope', 'col');
  }
}

const HTML_TAG = /<\/?[a-z][a-z0-9-]*([\s/][^<>]*)?>|<!--/i;

function finishInline(inline: Token, startLine: number, context: Context): void {
  const { report } = context;
  let line = startLine;
  const dropped: boolean[] = [];
  for (const token of inline.children ?? []) {
    switch (token.type) {
      case 'softbreak':
      case 'hardbreak':
        line += 1;
        break;
      case 'text':
        if (HTML_TAG.test(token.content) && HTML_TAG.test(inline.content)) {
          report('error', line, 'Raw HTML is not rendered.', 'Write Markdown instead.');
        }
        if (token.content.includes('[[')) {
          const advice = 'Write [[term]] or [[term|words]] on one line; in a table write the bar as "\\|".';
          report('error', line, 'A glossary reference is not complete.', advice);
        }
        break;
      case 'term':
        finishTerm(token, line, context);
        break;
      case 'image':
        finishImage(token, line, context);
        break;
      case 'link_open': {
        const allowed = checkLink(token, line, context);
        dropped.push(!allowed);
        if (!allowed) blank(token);
        break;
      }
      case 'link_close':
        if (dropped.pop()) blank(token);
        break;
    }
  }
}

/** Leaves the words of a link and takes the link away. */
function blank(token: Token): void {
  token.type = 'text';
  token.content = '';
  token.nesting = 0;
}

function finishTerm(token: Token, line: number, { terms, language, report }: Context): void {
  const reference = String(token.meta?.['reference']);
  const id = terms(reference, language);
  if (id === null) {
    report(
      'error',
      line,
      `"${reference}" is not in the glossary.`,
      'Use a term or an id of seeds/reference/glossary.yaml, or add it there.',
    );
  }
  // Links cannot stand inside links.
  token.meta = id === null || token.meta?.['inLink'] === true ? null : { id };
}

function finishImage(token: Token, line: number, { media, report }: Context): void {
  const path = String(token.attrGet('src') ?? '');
  const alt = plainText([token]);
  if (alt.trim() === '') {
    report(
      'error',
      line,
      `The picture ${path} has no alternative text.`,
      'Say between the brackets what the picture shows.',
    );
  }
  const file = path.startsWith('figures/') ? media(path) : null;
  if (!file) {
    report(
      'error',
      line,
      `There is no picture ${path}.`,
      'Put it into the module\'s folder "figures" and write figures/name.svg.',
    );
    token.type = 'text';
    token.content = alt;
    return;
  }
  const caption = String(token.attrGet('title') ?? '');
  token.attrs = [
    ['src', file.href],
    ['alt', ''],
    ['loading', 'lazy'],
  ];
  token.meta = { caption };
  if (file.width && file.height) {
    token.attrPush(['width', Math.round(file.width)]);
    token.attrPush(['height', Math.round(file.height)]);
  }
}

/** Gives a link its final address; false if it may not lead there. */
function checkLink(token: Token, line: number, { media, report }: Context): boolean {
  const href = String(token.attrGet('href') ?? '');
  if (/^https?:\/\/[^/]/i.test(href)) {
    token.attrSet('rel', 'noopener');
    return true;
  }
  if (/^(mailto:[^\s@]+@|#|\/(?!\/|\\|%5c))/i.test(href)) return true;
  if (/^(files|figures)\//.test(href)) {
    const file = media(href);
    if (!file) {
      report('error', line, `There is no file ${href}.`, 'Put it into the module\'s folder "files".');
      return false;
    }
    token.attrSet('href', file.href);
    return true;
  }
  report(
    'error',
    line,
    `A link may not lead to "${href}".`,
    'Use https://…, mailto:…, a page of this site (/profile) or files/….',
  );
  return false;
}

/** A picture alone in its paragraph is a figure; its title is the caption. */
function makeFigure(open: Token | undefined, inline: Token, close: Token | undefined): void {
  const [image, ...others] = inline.children ?? [];
  if (image?.type !== 'image' || others.length > 0) return;
  if (open?.type !== 'paragraph_open' || open.hidden || !close) return;
  open.tag = 'figure';
  close.tag = 'figure';
  const caption = image.meta?.['caption'];
  if (typeof caption !== 'string' || caption === '') return;
  const figcaption = Object.assign(Object.create(Object.getPrototypeOf(image)) as Token, image, {
    type: 'figcaption',
    content: caption,
  });
  inline.children = [image, figcaption];
}

/** Takes the facilitator's blocks out of the lesson. */
function splitFacilitator(tokens: readonly Token[]): { main: Token[]; facilitator: Token[] } {
  const main: Token[] = [];
  const facilitator: Token[] = [];
  let inside = false;
  for (const token of tokens) {
    if (token.type === 'container_facilitator_open') inside = true;
    (inside ? facilitator : main).push(token);
    if (token.type === 'container_facilitator_close') inside = false;
  }
  return { main, facilitator };
}

function plainText(tokens: readonly Token[]): string {
  const parts: string[] = [];
  for (const token of tokens) {
    if (token.children) parts.push(plainText(token.children));
    else if (['text', 'code_inline', 'term', 'fence', 'code_block', 'text_special'].includes(token.type)) {
      parts.push(token.content);
    } else if (token.type === 'softbreak' || token.type === 'hardbreak') parts.push(' ');
    if (token.block) parts.push('\n');
    const title = token.nesting === 1 ? token.meta?.['title'] : undefined;
    if (typeof title === 'string') parts.push(`${title}\n`);
  }
  return parts.join('');
}
