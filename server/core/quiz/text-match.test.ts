import { matchesText, plainText } from './text-match';

describe('matchesText', () => {
  it.each<[string, string, boolean]>([
    ['facilitator', 'facilitator', true],
    ['  Facilitator ', 'facilitator', true],
    ['facilitators', 'facilitator', false],
    ['perche', 'perché', true],
    ['perché', 'perché', true],
    ['Lodz', 'Łódź', true],
    ['strasse', 'Straße', true],
    ["l'impresa", 'l’impresa', true],
    ['two  words', 'two words', true],
    ['ﬁrm', 'firm', true],
    ['anything', '*', true],
    ['facilitation', 'facilit*', true],
    ['facilitator', '*ator', true],
    ['the facilitator of it', '*facilitator*', true],
    ['ab', 'ab*b', false],
    ['abb', 'ab*b', true],
    ['value chain map', 'value*map', true],
    ['a b', 'a *b', true],
    ['2*3', '2\\*3', true],
    ['233', '2\\*3', false],
    ['(a+)+', '(a+)+', true],
    ['aaa', '(a+)+', false],
  ])('%j fits %j: %p', (typed, pattern, expected) => {
    expect(matchesText(typed, pattern, {})).toBe(expected);
  });

  it('heeds case and accents where they matter', () => {
    expect(matchesText('isin', 'ISIN', { matchCase: true })).toBe(false);
    expect(matchesText('ISIN', 'ISIN', { matchCase: true })).toBe(true);
    expect(matchesText('perche', 'perché', { matchAccents: true })).toBe(false);
    expect(matchesText('perche\u0301', 'perch\u00e9', { matchAccents: true })).toBe(true);
  });

  it('answers at once for hostile patterns and texts', () => {
    const started = performance.now();
    expect(matchesText('a'.repeat(500), `${'a*'.repeat(200)}b`, {})).toBe(false);
    expect(matchesText('a'.repeat(1_000_000), '*', {})).toBe(false);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('plainText', () => {
  it('drops wildcards and keeps escaped asterisks', () => {
    expect(plainText('facilit*')).toBe('facilit');
    expect(plainText('2\\*3')).toBe('2*3');
  });
});
