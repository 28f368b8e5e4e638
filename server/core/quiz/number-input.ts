/** Numbers as people type them in any of the content languages: decimal comma or point, thousands separators, units. */
import type { NumberKey } from './item';

/** Longest text read as a number, in characters. */
export const MAX_NUMBER_LENGTH = 60;

export type NumberInput = {
  /**
   * Every value the text can mean, without its unit. "1,234" is 1.234 in Italian and 1234 in English: both are given,
   * because a learner who has the right number must not lose points over a separator.
   */
  readings: number[];
  /** What stands before or after the number, without spaces. */
  unit: string;
};

const NUMBER = /[+-]?(?:\d[\d.,' ]*|[.,]\d+)(?:e[+-]?\d+(?![\p{L}\d]))?/iu;

/** Decimal separator with each thousands separator that can accompany it. */
const NOTATIONS = [',', '.'].map((decimal) => ({
  decimal,
  plain: new RegExp(`^\\d*(?:\\${decimal}\\d+)?$`),
  grouped: [...[',', '.'].filter((mark) => mark !== decimal), ' ', "'"].map((mark) => ({
    mark,
    pattern: new RegExp(`^[1-9]\\d{0,2}(?:\\${mark}\\d{3})+(?:\\${decimal}\\d+)?$`),
  })),
}));

/**
 * Reads a typed number.
 *
 * Accepts one number, with an optional sign, exponent and unit before or after it. Returns undefined for everything
 * else: no digits, "NaN", "Infinity", digits grouped against any convention, values beyond the range of a double,
 * texts longer than MAX_NUMBER_LENGTH. −0 is read as 0.
 */
export function readNumber(text: string): NumberInput | undefined {
  if (text.length > MAX_NUMBER_LENGTH) return undefined;
  const tidy = text
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .replace(/[−–]/gu, '-')
    .replace(/[’‘`´]/gu, "'")
    .trim();
  const match = NUMBER.exec(tidy);
  if (!match) return undefined;
  const found = match[0].trim().replace(/[.,]$/u, '');
  const unit = (tidy.slice(0, match.index) + tidy.slice(match.index + match[0].length)).replace(/ /gu, '');

  const [, sign = '', digits = '', exponent = ''] = /^([+-]?)([^e]*)(e.*)?$/iu.exec(found) ?? [];
  const readings = new Set<number>();
  for (const { decimal, plain, grouped } of NOTATIONS) {
    const mantissa = digits.trim();
    const group = grouped.find(({ pattern }) => pattern.test(mantissa));
    if (!group && !plain.test(mantissa)) continue;
    const ungrouped = group ? mantissa.replaceAll(group.mark, '') : mantissa;
    const value = Number(sign + ungrouped.replace(decimal, '.') + exponent);
    if (Number.isFinite(value)) readings.add(value + 0);
  }
  return readings.size > 0 ? { readings: [...readings], unit } : undefined;
}

/**
 * Values, in the key's first unit, that a typed number can mean.
 *
 * A unit is compared without spaces, first as written and then regardless of case. Returns an empty list when the text
 * is no number, carries a unit the key does not know, or lacks one that is required.
 */
export function valuesOf(text: string, key: NumberKey): number[] {
  const input = readNumber(text);
  if (!input) return [];
  const factor = factorOf(input.unit, key);
  if (factor === undefined) return [];
  return input.readings.map((reading) => reading * factor).filter((value) => Number.isFinite(value));
}

function factorOf(unit: string, { units = [], unitRequired = false }: NumberKey): number | undefined {
  if (unit === '') return unitRequired ? undefined : 1;
  const named = units.map(({ name, factor }) => ({
    name: name.normalize('NFKC').replace(/\s+/gu, ''),
    factor,
  }));
  const exact = named.find(({ name }) => name === unit);
  if (exact) return exact.factor;
  const folded = named.filter(({ name }) => name.toLowerCase() === unit.toLowerCase());
  return folded.length === 1 ? folded[0]?.factor : undefined;
}
