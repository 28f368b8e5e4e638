/** Calendar arithmetic of a learning plan. Dates are ISO days (yyyy-mm-dd) and days are UTC days, so no clock change can shift one. */

export type ScheduledModule = {
  module: string;
  /** First day of work on the module. */
  startsOn: string;
  /** Last day of work on the module, never before `startsOn`. */
  dueOn: string;
  /** Week of the plan in which the module starts; the first is 1 and weeks begin on the weekday of the start date. */
  week: number;
};

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
const HOURS_IN_A_WEEK = 168;

/**
 * Lays the steps end to end from `startDate`, `hoursPerWeek` hours in every seven days, spread evenly.
 *
 * @param startDate yyyy-mm-dd, the first day of study.
 * @param hoursPerWeek above 0 and up to 168; counted to the minute.
 * @throws RangeError on a date that does not exist or hours out of range.
 */
export function schedule(
  steps: readonly { module: string; minutes: number }[],
  startDate: string,
  hoursPerWeek: number,
): ScheduledModule[] {
  const start = dayNumber(startDate);
  const perWeek = weeklyMinutes(hoursPerWeek);
  let done = 0;
  return steps.map(({ module, minutes }) => {
    const first = Math.floor((done * DAYS_PER_WEEK) / perWeek);
    done += minutes;
    const last = Math.max(first, Math.ceil((done * DAYS_PER_WEEK) / perWeek) - 1);
    return {
      module,
      startsOn: isoDay(start + first),
      dueOn: isoDay(start + last),
      week: Math.floor(first / DAYS_PER_WEEK) + 1,
    };
  });
}

/**
 * Minutes of study that fit from `startDate` to `deadline`, both days included: the budget of a plan with a
 * deadline. A plan of at most this length, laid out by {@link schedule}, is due no later than the deadline.
 * 0 when the deadline is before the start.
 *
 * @throws RangeError on a date that does not exist or hours out of range.
 */
export function minutesUntil(startDate: string, deadline: string, hoursPerWeek: number): number {
  const days = Math.max(0, dayNumber(deadline) - dayNumber(startDate) + 1);
  return Math.floor((days * weeklyMinutes(hoursPerWeek)) / DAYS_PER_WEEK);
}

function weeklyMinutes(hoursPerWeek: number): number {
  const minutes = Math.round(hoursPerWeek * 60);
  if (!(minutes >= 1 && hoursPerWeek <= HOURS_IN_A_WEEK)) {
    throw new RangeError(`Hours a week must be above 0 and at most ${HOURS_IN_A_WEEK}, not ${hoursPerWeek}.`);
  }
  return minutes;
}

function dayNumber(iso: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || isoDay(time / DAY_MS) !== iso) throw new RangeError(`Not a date: "${iso}".`);
  return time / DAY_MS;
}

function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
