import { MAX_NUMBER_LENGTH, readNumber, valuesOf } from './number-input';

describe('readNumber', () => {
  it.each<[string, number[], string]>([
    ['12', [12], ''],
    [' 12 ', [12], ''],
    ['1,5', [1.5], ''],
    ['1.5', [1.5], ''],
    ['.5', [0.5], ''],
    [',5', [0.5], ''],
    ['12.', [12], ''],
    ['0,123', [0.123], ''],
    ['-7', [-7], ''],
    ['−7', [-7], ''],
    ['+7', [7], ''],
    ['-0', [0], ''],
    ['1e3', [1000], ''],
    ['1,5E-2', [0.015], ''],
    ['1,234', [1.234, 1234], ''],
    ['1.234', [1.234, 1234], ''],
    ['1.234,5', [1234.5], ''],
    ['1,234.5', [1234.5], ''],
    ['1,234,567', [1234567], ''],
    ['12 345,6', [12345.6], ''],
    ['12\u00a0345', [12345], ''],
    ['12\u202f345', [12345], ''],
    ["12'345.6", [12345.6], ''],
    ['12’345', [12345], ''],
    ['１２', [12], ''],
    ['20 000 €', [20000], '€'],
    ['€ 20', [20], '€'],
    ['40%', [40], '%'],
    ['5 m²', [5], 'm2'],
    ['9 km / h', [9], 'km/h'],
  ])('%j is %j %s', (text, readings, unit) => {
    const input = readNumber(text);
    expect([...(input?.readings ?? [])].sort((a, b) => a - b)).toEqual(readings);
    expect(Object.is(input?.readings[0], -0)).toBe(false);
    expect(input?.unit).toBe(unit);
  });

  it.each([
    '',
    'none',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e309',
    '-1e309',
    '1.2.3',
    '1,23,456',
    '12 34',
    '1.234.56',
    '--',
    `${'9'.repeat(MAX_NUMBER_LENGTH)}9`,
    '9'.repeat(1_000_000),
    '1e'.repeat(500_000),
  ])('refuses %.20j', (text) => {
    expect(readNumber(text)).toBeUndefined();
  });
});

describe('valuesOf', () => {
  const answers = [{ value: 1 }];
  const units = [
    { name: 'W', factor: 1 },
    { name: 'mW', factor: 0.001 },
    { name: 'MW', factor: 1e6 },
    { name: 'k W', factor: 1000 },
  ];

  it('converts units into the first one', () => {
    expect(valuesOf('2 mW', { answers, units })).toEqual([0.002]);
    expect(valuesOf('2 MW', { answers, units })).toEqual([2_000_000]);
    expect(valuesOf('2kw', { answers, units })).toEqual([2000]);
    expect(valuesOf('2', { answers, units })).toEqual([2]);
  });

  it('gives nothing for an unknown, ambiguous or missing unit', () => {
    expect(valuesOf('2 V', { answers, units })).toEqual([]);
    expect(valuesOf('2 Mw', { answers, units })).toEqual([]);
    expect(valuesOf('2 W', { answers })).toEqual([]);
    expect(valuesOf('2', { answers, units, unitRequired: true })).toEqual([]);
  });

  it('gives nothing where a factor leaves the range of numbers', () => {
    expect(valuesOf('1e305 MW', { answers, units })).toEqual([]);
  });
});
