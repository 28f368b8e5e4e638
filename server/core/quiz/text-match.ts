/** Comparing typed words with accepted answers. */

/** Longest short answer, in characters. */
export const MAX_SHORT_TEXT = 500;

/** Letters that Unicode does not decompose into a base letter and an accent, and yet are typed without their stroke. */
const STROKES: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
};

export type TextRules = { matchCase?: boolean; matchAccents?: boolean };

/** Brings a text to the form in which answers are compared: spaces and quotation marks unified, case and accents folded unless they matter. */
export function foldText(text: string, { matchCase = false, matchAccents = false }: TextRules): string {
  let folded = text
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[’‘`´]/gu, "'")
    .replace(/[“”„«»]/gu, '"');
  if (!matchAccents) {
    folded = folded
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[łŁøØđĐıßæÆœŒ]/gu, (letter) => STROKES[letter] ?? letter)
      .normalize('NFC');
  }
  return matchCase ? folded : folded.toLowerCase();
}

/**
 * Whether a typed text fits an accepted answer, in which `*` stands for any run of characters and `\*` for an asterisk.
 * Linear in memory and at worst the product of both lengths in time, so that no pattern can stall the server.
 */
export function matchesText(typed: string, pattern: string, rules: TextRules): boolean {
  if (typed.length > MAX_SHORT_TEXT) return false;
  const text = foldText(typed, rules);
  const pieces = splitAtWildcards(pattern).map((piece) => foldPiece(piece, rules));
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first.trim();
  // The outer pieces meet the trimmed ends of the text.
  const head = first.trimStart();
  const tail = last.trimEnd();
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let from = head.length;
  const end = text.length - tail.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/** The shortest text that fits a pattern: its wildcards stand for nothing, its escaped asterisks for themselves. */
export function plainText(pattern: string): string {
  return splitAtWildcards(pattern).join('');
}

function splitAtWildcards(pattern: string): string[] {
  return pattern.split(/(?<!\\)\*/u).map((piece) => piece.replaceAll('\\*', '*'));
}

function foldPiece(piece: string, rules: TextRules): string {
  // foldText trims; the spaces beside a wildcard belong to the pattern.
  const folded = foldText(piece, rules);
  if (folded === '') return piece === '' ? '' : ' ';
  return (/^\s/u.test(piece) ? ' ' : '') + folded + (/\s$/u.test(piece) ? ' ' : '');
}
