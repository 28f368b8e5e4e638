import type { ContentLanguage } from '../core/framework';
import { indexGlossary } from './glossary-index';
import { renderFragment, renderLesson } from './markdown';

const terms = indexGlossary([
  { id: 'value-chain', term: { en: 'value chain', it: 'catena del valore' }, definition: { en: 'x' } },
]);
const FIRST_LINE = 5;

function render(markdown: string, language: ContentLanguage = 'en') {
  const issues: { severity: string; line: number; message: string }[] = [];
  const lesson = renderLesson(markdown, {
    language,
    report: (severity, line, message) => issues.push({ severity, line, message }),
    firstLine: FIRST_LINE,
    terms,
    media: (path) =>
      path === 'figures/a.svg' || path === 'files/a.docx'
        ? { href: `/courses/x/media/m1/${path}?v=1`, width: 640, height: 452 }
        : null,
  });
  return { ...lesson, issues };
}

describe('blocks', () => {
  it('become callouts with their kind in the language of the lesson and their heading', () => {
    const { html } = render('::: decision Che cosa fai?\nDecidi.\n:::\n', 'it');
    expect(html).toBe(
      '<aside class="callout callout--decision">\n<p class="callout__kind">Decisione</p>\n' +
        '<p class="callout__title">Che cosa fai?</p>\n<p>Decidi.</p>\n</aside>\n',
    );
  });

  it('of exercises tell their minutes', () => {
    const { html, exerciseMinutes } = render(
      '::: exercise 15 First visit\nGo.\n:::\n\n::: exercise 5\nGo.\n:::\n',
    );
    expect(exerciseMinutes).toBe(20);
    expect(html).toContain(
      '<p class="callout__kind">Exercise · 15 min</p>\n<p class="callout__title">First visit</p>',
    );
  });

  it('for the facilitator are kept apart and not counted as reading', () => {
    const { html, facilitatorHtml, words } = render(
      'One two.\n\n::: facilitator\nSecret advice.\n:::\n\nThree.\n',
    );
    expect(html).not.toContain('Secret');
    expect(facilitatorHtml).toContain('Secret advice.');
    expect(words).toBe(3);
  });

  it.each([
    ['left open', 'Text.\n\n::: idea\nNever closed.\n', FIRST_LINE + 2, 'The block "idea" is not closed.'],
    [
      'opened inside another',
      '::: idea\n\n::: example\nx\n:::\n',
      FIRST_LINE,
      'The block "idea" is not closed.',
    ],
    ['closed twice', '::: idea\nx\n:::\n\n:::\n', FIRST_LINE + 4, 'This ":::" closes nothing.'],
    ['misspelt', '::: exmaple\nx\n:::\n', FIRST_LINE, 'There is no block "exmaple".'],
  ])('%s are reported with their line', (_, markdown, line, message) => {
    expect(render(markdown).issues).toContainEqual({ severity: 'error', line, message });
  });

  it('in code are not blocks', () => {
    expect(render('```\n::: idea\n```\n').issues).toEqual([]);
  });
});

describe('pictures', () => {
  it('alone in a paragraph become figures with caption and size', () => {
    expect(render('![Five steps](figures/a.svg "The chain")\n').html).toBe(
      '<figure><img src="/courses/x/media/m1/figures/a.svg?v=1" alt="Five steps" loading="lazy" width="640" height="452">' +
        '\n<figcaption>The chain</figcaption></figure>\n',
    );
  });

  it('need an alternative text and a file', () => {
    expect(render('![](figures/a.svg)\n\nSee ![x](figures/b.svg).\n').issues).toEqual([
      { severity: 'error', line: FIRST_LINE, message: 'The picture figures/a.svg has no alternative text.' },
      { severity: 'error', line: FIRST_LINE + 2, message: 'There is no picture figures/b.svg.' },
    ]);
  });

  it.each(['https://example.org/a.png', 'data:image/png;base64,AAAA', '../figures/a.svg', '/figures/a.svg'])(
    'come from the module only, not from %s',
    (address) => {
      const { html, issues } = render(`![x](${address})\n`);
      expect(html).toBe('<p>x</p>\n');
      expect(issues).toHaveLength(1);
    },
  );
});

describe('text that tries to be more', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onmouseover="alert(1)">b</b>',
    '<!-- comment -->',
    '<svg/onload=alert(1)>',
  ])('stays text and is reported: %s', (attack) => {
    const { html, issues } = render(`${attack}\n`);
    expect(html).not.toMatch(/<(script|img|b|svg|!--)/);
    expect(issues.map(({ message }) => message)).toContain('Raw HTML is not rendered.');
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](java&Tab;script:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:msgbox)',
    '[x](//example.org)',
    '[x](/\\example.org)',
    '[x](files/missing.docx)',
    '<javascript:alert(1)>',
    '[x][1]\n\n[1]: javascript:alert(1)',
  ])('is no link: %s', (attack) => {
    const { html, issues } = render(`${attack}\n`);
    expect(html).not.toContain('<a');
    expect(issues).toHaveLength(1);
  });

  it.each([
    ['::: idea <b>x</b>" onclick="alert(1)\nx\n:::\n', 'onclick="alert'],
    ['![x" onerror="alert(1)](figures/a.svg "y" onload="z")\n', 'onerror="'],
    ['[[value chain|<img src=x onerror=alert(1)>]]\n', '<img'],
    ['## A <i>b</i>" id="x\n\n| a |\n|---|\n| b |\n', '<i>'],
  ])('cannot leave its place: %s', (markdown, forbidden) => {
    expect(render(markdown).html).not.toContain(forbidden);
  });

  it('is harmless in questions as well', () => {
    const html = renderFragment(
      '**Yes** <script>x</script> [a](javascript:x) ![b](figures/a.svg) [[value chain]]',
    );
    expect(html).toBe('<p><strong>Yes</strong> &lt;script&gt;x&lt;/script&gt; a b value chain</p>\n');
  });
});

describe('links', () => {
  it('to other sites say so; those of this site and downloads keep their address', () => {
    const { html, issues } = render(
      '[a](https://example.org/x?y=1&z=2) [b](/profile#GOV-01) [c](files/a.docx) [d](mailto:a@example.org)\n',
    );
    expect(issues).toEqual([]);
    expect(html).toBe(
      '<p><a href="https://example.org/x?y=1&amp;z=2" rel="noopener">a</a> <a href="/profile#GOV-01">b</a> ' +
        '<a href="/courses/x/media/m1/files/a.docx?v=1">c</a> <a href="mailto:a@example.org">d</a></p>\n',
    );
  });
});

describe('glossary terms', () => {
  it.each([
    ['en', '[[value chain]]', 'value chain'],
    ['en', '[[Value chain|the chain]]', 'the chain'],
    ['it', '[[catena del valore]]', 'catena del valore'],
    ['it', '[[value-chain|catene]]', 'catene'],
  ] as const)('are found by term or id: %s %s', (language, markdown, shown) => {
    expect(render(markdown, language).html).toBe(
      `<p><a class="term" href="/glossary#value-chain">${shown}</a></p>\n`,
    );
  });

  it('that do not exist are reported', () => {
    expect(render('One.\nTwo [[unknown]].\n').issues).toEqual([
      { severity: 'error', line: FIRST_LINE + 1, message: '"unknown" is not in the glossary.' },
    ]);
  });

  it('cut apart by a table are reported', () => {
    expect(render('| a |\n|---|\n| [[value chain|chain]] |\n').issues).not.toEqual([]);
    expect(render('| a |\n|---|\n| [[value chain\\|chain]] |\n').html).toContain('>chain</a>');
  });

  it('inside a link are words: links do not nest', () => {
    const { html } = render('[the [[value chain]] report](https://example.org)\n');
    expect(html.match(/<a /g)).toHaveLength(1);
  });
});

describe('headings and tables', () => {
  it('begin at the second level, skip none and get addresses of their own', () => {
    const { html, issues } = render('# Title\n\n## È così\n\n#### Deep\n\n## È così\n');
    expect(issues.map(({ line }) => line)).toEqual([FIRST_LINE, FIRST_LINE + 4]);
    expect(html).toContain('<h2 id="s-e-cosi">');
    expect(html).toContain('<h2 id="s-e-cosi-2">');
  });

  it('of figures are wrapped for small screens, named, and styled without inline style', () => {
    const { html } = render('## Members\n\n| Step | n |\n|---|--:|\n| Components | 22 |\n');
    expect(html).toContain(
      '<div class="table-wrap" role="region" tabindex="0" aria-label="Table 1: Members">\n<table class="table">',
    );
    expect(html).toContain('<th class="num" scope="col">n</th>');
    expect(html).toContain('<td class="num">22</td>');
    expect(html).not.toContain('style=');
  });

  it('have no empty header cells', () => {
    expect(render('|  | n |\n|---|---|\n| a | 1 |\n').html).toContain(
      '<tr>\n<td></td>\n<th scope="col">n</th>',
    );
  });
});
