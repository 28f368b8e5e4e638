import * as fc from 'fast-check';
import { minutesUntil, schedule } from './schedule';

const step = (module: string, minutes: number) => ({ module, minutes });
const DAY_MS = 86_400_000;
const STEPS = fc.array(
  fc.integer({ min: 0, max: 900 }).map((minutes) => step('M', minutes)),
  { maxLength: 30 },
);
const START = fc
  .integer({ min: 0, max: 40_000 })
  .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
const HOURS = fc.constantFrom(0.5, 1, 1.5, 2, 3.25, 7, 40, 168);

describe('dated plan', () => {
  it('lays modules end to end at so many hours a week', () => {
    expect(schedule([step('A', 60), step('B', 120), step('C', 240)], '2026-09-07', 2)).toEqual([
      { module: 'A', startsOn: '2026-09-07', dueOn: '2026-09-10', week: 1 },
      { module: 'B', startsOn: '2026-09-10', dueOn: '2026-09-17', week: 1 },
      { module: 'C', startsOn: '2026-09-17', dueOn: '2026-10-01', week: 2 },
    ]);
  });

  it.each([
    ['the clock change of March', '2026-03-23', '2026-04-05'],
    ['the clock change of October', '2026-10-19', '2026-11-01'],
    ['29 February of a leap year', '2028-02-21', '2028-03-05'],
    ['28 February of a common year', '2027-02-22', '2027-03-07'],
    ['the turn of the year', '2026-12-28', '2027-01-10'],
  ])('gives two weeks of study fourteen days across %s', (_, startsOn, dueOn) => {
    expect(schedule([step('A', 240)], startsOn, 2)).toEqual([{ module: 'A', startsOn, dueOn, week: 1 }]);
  });

  it('can start on 29 February', () => {
    expect(schedule([step('A', 60), step('B', 60)], '2028-02-29', 1).map((each) => each.startsOn)).toEqual([
      '2028-02-29',
      '2028-03-07',
    ]);
  });

  it.each(['2027-02-29', '2026-13-01', '2026-9-7', '07/09/2026', ''])('refuses the date "%s"', (date) => {
    expect(() => schedule([], date, 2)).toThrow(RangeError);
  });

  it.each([0, -1, 0.001, 169, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d hours a week', (hours) => {
    expect(() => schedule([], '2026-09-07', hours)).toThrow(RangeError);
  });

  it('keeps the order, and ends within the whole weeks that the minutes fill', () => {
    fc.assert(
      fc.property(STEPS, START, HOURS, (steps, start, hours) => {
        const plan = schedule(steps, start, hours);
        let previous = start;
        for (const each of plan) {
          expect(each.startsOn >= previous && each.dueOn >= each.startsOn).toBe(true);
          expect(each.week).toBe(
            Math.floor((Date.parse(each.startsOn) - Date.parse(start)) / DAY_MS / 7) + 1,
          );
          previous = each.startsOn;
        }
        const minutes = steps.reduce((sum, each) => sum + each.minutes, 0);
        const weeks = Math.ceil((minutes + 1) / (hours * 60));
        const end = schedule([...steps, step('LAST', 1)], start, hours).at(-1)?.dueOn ?? '';
        expect(Date.parse(end) - Date.parse(start)).toBeLessThan(weeks * 7 * DAY_MS);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('minutes until a deadline', () => {
  it('counts both days', () => {
    expect(minutesUntil('2026-09-07', '2026-09-13', 2)).toBe(120);
    expect(minutesUntil('2026-09-07', '2026-09-07', 7)).toBe(60);
    expect(minutesUntil('2026-09-07', '2026-09-06', 7)).toBe(0);
  });

  it('is exactly what a plan can hold and still meet the deadline', () => {
    fc.assert(
      fc.property(START, fc.nat(400), HOURS, (start, days, hours) => {
        const deadline = new Date(Date.parse(start) + days * DAY_MS).toISOString().slice(0, 10);
        const budget = minutesUntil(start, deadline, hours);
        expect(schedule([step('A', budget)], start, hours)[0]?.dueOn).toBe(deadline);
        expect((schedule([step('A', budget + 1)], start, hours)[0]?.dueOn ?? '') > deadline).toBe(true);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
