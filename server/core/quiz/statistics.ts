/**
 * Item statistics of classical test theory, as docs.moodle.org/dev/Quiz_statistics_calculations defines them, with the
 * variance and covariance of a sample (over S − 1). Whose attempts count is the caller's choice; usually each learner's first.
 */

/** Marks of S attempts at a quiz of p items. */
export type Marks = {
  /** S × p, attempt by attempt. NaN: the attempt did not have the item, as happens with random draws. */
  values: Float64Array;
  /** Most points of each of the p items. */
  maxima: readonly number[];
};

/** Null wherever the figure is undefined: too few attempts, no spread, or an item worth nothing. */
export type ItemStatistics = {
  /** Attempts that had the item. */
  attempts: number;
  /** Mean mark over the maximum, 0–1. */
  facility: number | null;
  /** Points. */
  standardDeviation: number | null;
  /** Share of the quiz's points, %. */
  intendedWeight: number | null;
  /** Share in the spread of the totals, %. Null where the item works against the total. */
  effectiveWeight: number | null;
  /** Correlation of the item with the rest of the quiz, −100 to 100 %. */
  discriminationIndex: number | null;
  /** Covariance with the rest over the largest that these marks allow, %. */
  discriminativeEfficiency: number | null;
  markVariance: number | null;
  /** Variance of the rest: the total without the item. */
  restVariance: number | null;
  /** Of the item with the rest. */
  covariance: number | null;
  /** The covariance if the best marks had gone to the best attempts. */
  largestCovariance: number | null;
};

export type QuizStatistics = {
  attempts: number;
  /** Of the totals, in points. */
  mean: number | null;
  median: number | null;
  standardDeviation: number | null;
  skewness: number | null;
  /** Excess kurtosis. */
  kurtosis: number | null;
  /** Coefficient of internal consistency, Cronbach's α in %; negative where items contradict each other. */
  internalConsistency: number | null;
  /** Share of the standard deviation that is chance, %. */
  errorRatio: number | null;
  /** Standard error of one total, in points. */
  standardError: number | null;
  items: ItemStatistics[];
};

/** Correlations closer to 0 than this are rounding of the machine. */
const NOISE = 1e-12;

/**
 * Statistics of a quiz and of each of its items, in time proportional to S·p (and S·log S per item for sorting) and
 * in memory for four columns of S numbers.
 *
 * With attempt totals T, item marks x and rest R = T − x: facility mean(x)/max; effective weight
 * 100·√C(x,T)/Σ√C(x,T), null and left out of the sum where C < 0; discrimination 100·C(x,R)/√(V(x)V(R)); efficiency
 * 100·C(x,R)/C_max with C_max from both sorted; internal consistency 100·p/(p−1)·(1 − ΣV(x)/V(T)), null where attempts
 * had different items; error ratio 100·√(1 − CIC/100); skewness k₃/k₂^1.5 and kurtosis k₄/k₂² from k-statistics.
 */
export function quizStatistics({ values, maxima }: Marks): QuizStatistics {
  const width = maxima.length;
  const attempts = width === 0 ? 0 : Math.floor(values.length / width);
  const totals = totalsOf(values, width, attempts);
  const scratch = { marks: new Float64Array(attempts), rest: new Float64Array(attempts) };
  const columns = maxima.map((max, index) => column({ values, width, index, max, totals, scratch }));

  const fullMarks = maxima.reduce((sum, max) => sum + max, 0);
  const roots = columns.map(({ withTotal }) => (withTotal >= 0 ? Math.sqrt(withTotal) : null));
  const rootSum = roots.reduce<number>((sum, root) => sum + (root ?? 0), 0);
  const items = columns.map(({ statistics }, index): ItemStatistics => {
    const root = roots[index] ?? null;
    return {
      ...statistics,
      intendedWeight: ratio(100 * (maxima[index] ?? 0), fullMarks),
      effectiveWeight: root === null ? null : ratio(100 * root, rootSum),
    };
  });
  const isComplete = columns.every(({ statistics }) => statistics.attempts === attempts);
  const variances = columns.map(({ statistics }) => statistics.markVariance ?? 0);
  return { ...totalStatistics(totals, isComplete ? variances : null), items };
}

export type ChoiceStatistics = {
  /** Attempts that chose the option. */
  count: number;
  /** Of the attempts that had the item, 0–1; null without attempts. */
  share: number | null;
  /** Mean of the rest of the quiz among those who chose it, in points. */
  meanRest: number | null;
  /** Correlation of choosing it with the rest, −100 to 100 %: positive for a good right option, negative for a good distractor. */
  discrimination: number | null;
};

/**
 * How each of n options was chosen. `chosen` holds 1 or 0 for attempt × option, attempt by attempt; `rest` each
 * attempt's points on the other items. Attempts without the item are left out by the caller.
 */
export function choiceStatistics(
  chosen: Uint8Array,
  rest: Float64Array,
  optionCount: number,
): ChoiceStatistics[] {
  const attempts = rest.length;
  const indicator = new Float64Array(attempts);
  return Array.from({ length: optionCount }, (_, option) => {
    let count = 0;
    let sum = 0;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const isChosen = chosen[attempt * optionCount + option] === 1;
      indicator[attempt] = isChosen ? 1 : 0;
      if (isChosen) {
        count += 1;
        sum += rest[attempt] ?? 0;
      }
    }
    const spread = jointSpread(indicator, rest);
    return {
      count,
      share: ratio(count, attempts),
      meanRest: ratio(sum, count),
      discrimination: spread && correlation(spread),
    };
  });
}

export type ItemFlag =
  | 'few-attempts'
  | 'too-easy'
  | 'too-hard'
  | 'negative-discrimination'
  | 'weak-discrimination'
  | 'unused-distractor'
  | 'attractive-distractor';

/** Attempts below which figures say more about chance than about the item. */
export const FEW_ATTEMPTS = 20;

/**
 * What an author should look at. Limits after the interpretation table of Moodle's quiz statistics report: facility
 * from 95 % or up to 10 %, discrimination below 0 or below 20 %; a wrong option chosen by fewer than 2 %, or by 5 % or more who do
 * better on the rest than the others (correlation over 5 %). With few attempts, nothing else is said.
 */
export function itemFlags(
  item: ItemStatistics,
  options: readonly { isRight: boolean; statistics: ChoiceStatistics }[] = [],
): ItemFlag[] {
  if (item.attempts < FEW_ATTEMPTS) return ['few-attempts'];
  const wrong = options.filter(({ isRight }) => !isRight).map(({ statistics }) => statistics);
  const { facility, discriminationIndex: discrimination } = item;
  const flags: [ItemFlag, boolean][] = [
    ['too-easy', facility !== null && facility >= 0.95],
    ['too-hard', facility !== null && facility <= 0.1],
    ['negative-discrimination', discrimination !== null && discrimination < 0],
    ['weak-discrimination', discrimination !== null && discrimination >= 0 && discrimination < 20],
    ['unused-distractor', wrong.some(({ share }) => share !== null && share < 0.02)],
    [
      'attractive-distractor',
      wrong.some((each) => (each.share ?? 0) >= 0.05 && (each.discrimination ?? 0) > 5),
    ],
  ];
  return flags.filter(([, isRaised]) => isRaised).map(([flag]) => flag);
}

type ColumnInput = {
  values: Float64Array;
  width: number;
  index: number;
  max: number;
  totals: Float64Array;
  scratch: { marks: Float64Array; rest: Float64Array };
};

type Column = {
  statistics: Omit<ItemStatistics, 'intendedWeight' | 'effectiveWeight'>;
  /** Covariance of the item with the total; 0 when undefined. */
  withTotal: number;
};

function column({ values, width, index, max, totals, scratch }: ColumnInput): Column {
  let count = 0;
  for (let attempt = 0; attempt < totals.length; attempt += 1) {
    const mark = values[attempt * width + index] ?? Number.NaN;
    if (Number.isNaN(mark)) continue;
    scratch.marks[count] = mark;
    scratch.rest[count] = (totals[attempt] ?? 0) - mark;
    count += 1;
  }
  const marks = scratch.marks.subarray(0, count);
  const rest = scratch.rest.subarray(0, count);
  const spread = jointSpread(marks, rest);
  const discriminationIndex = spread && correlation(spread);
  const facility = ratio(mean(marks), max);
  // From here on the columns are sorted and no longer belong to attempts.
  const largestCovariance = jointSpread(marks.sort(), rest.sort())?.covariance ?? null;
  return {
    statistics: {
      attempts: count,
      facility,
      standardDeviation: spread === null || max === 0 ? null : Math.sqrt(spread.varianceA),
      discriminationIndex,
      discriminativeEfficiency:
        discriminationIndex === null || spread === null || largestCovariance === null
          ? null
          : ratio(100 * spread.covariance, largestCovariance),
      markVariance: spread && spread.varianceA,
      restVariance: spread && spread.varianceB,
      covariance: spread && spread.covariance,
      largestCovariance,
    },
    withTotal: spread ? covarianceWithSum(spread) : 0,
  };
}

function totalStatistics(
  totals: Float64Array,
  variances: readonly number[] | null,
): Omit<QuizStatistics, 'items'> {
  const attempts = totals.length;
  const average = mean(totals);
  let [second, third, fourth] = [0, 0, 0];
  for (const total of totals) {
    const deviation = total - average;
    second += deviation ** 2;
    third += deviation ** 3;
    fourth += deviation ** 4;
  }
  const isUniform = attempts === 0 || isFlat(second / attempts, totals);
  const variance = attempts < 2 ? null : isUniform ? 0 : second / (attempts - 1);
  const standardDeviation = variance === null ? null : Math.sqrt(variance);
  const internalConsistency = consistency(variances, variance);
  const errorRatio =
    internalConsistency === null ? null : 100 * Math.sqrt(Math.max(0, 1 - internalConsistency / 100));
  return {
    attempts,
    mean: attempts === 0 ? null : average,
    median: median(totals),
    standardDeviation,
    skewness: isUniform || attempts < 3 ? null : skewness(attempts, second / attempts, third / attempts),
    kurtosis: isUniform || attempts < 4 ? null : kurtosis(attempts, second / attempts, fourth / attempts),
    internalConsistency,
    errorRatio,
    standardError:
      errorRatio === null || standardDeviation === null ? null : (errorRatio * standardDeviation) / 100,
  };
}

function consistency(variances: readonly number[] | null, totalVariance: number | null): number | null {
  if (variances === null || variances.length < 2 || !totalVariance) return null;
  const count = variances.length;
  const sum = variances.reduce((all, each) => all + each, 0);
  return ((100 * count) / (count - 1)) * (1 - sum / totalVariance);
}

/** k₃/k₂^1.5 for n values with central moments m₂, m₃. */
function skewness(n: number, m2: number, m3: number): number {
  const k2 = (n * m2) / (n - 1);
  const k3 = (n * n * m3) / ((n - 1) * (n - 2));
  return k3 / k2 ** 1.5;
}

/** k₄/k₂² for n values with central moments m₂, m₄. */
function kurtosis(n: number, m2: number, m4: number): number {
  const k2 = (n * m2) / (n - 1);
  const k4 = ((n * n) / ((n - 1) * (n - 2) * (n - 3))) * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2);
  return k4 / k2 ** 2;
}

function totalsOf(values: Float64Array, width: number, attempts: number): Float64Array {
  const totals = new Float64Array(attempts);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    let total = 0;
    for (let index = 0; index < width; index += 1) {
      const mark = values[attempt * width + index] ?? Number.NaN;
      if (!Number.isNaN(mark)) total += mark;
    }
    totals[attempt] = total;
  }
  return totals;
}

function mean(list: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < list.length; i += 1) sum += list[i] ?? 0;
  return list.length === 0 ? Number.NaN : sum / list.length;
}

function median(list: Float64Array): number | null {
  const sorted = list.toSorted();
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

type JointSpread = { varianceA: number; varianceB: number; covariance: number };

/** Sample variances and covariance of two columns, null for fewer than two values; what is only rounding of the machine is 0. */
function jointSpread(a: Float64Array, b: Float64Array): JointSpread | null {
  const count = a.length;
  if (count < 2) return null;
  const meanA = mean(a);
  const meanB = mean(b);
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let i = 0; i < count; i += 1) {
    const deviationA = (a[i] ?? 0) - meanA;
    const deviationB = (b[i] ?? 0) - meanB;
    squaresA += deviationA * deviationA;
    squaresB += deviationB * deviationB;
    products += deviationA * deviationB;
  }
  const isFlatA = isFlat(squaresA / count, a);
  const isFlatB = isFlat(squaresB / count, b);
  const isUnrelated = isFlatA || isFlatB || Math.abs(products) <= NOISE * Math.sqrt(squaresA * squaresB);
  return {
    varianceA: isFlatA ? 0 : squaresA / (count - 1),
    varianceB: isFlatB ? 0 : squaresB / (count - 1),
    covariance: isUnrelated ? 0 : products / (count - 1),
  };
}

/** Per cent; null where one of the columns has no spread. */
function correlation({ varianceA, varianceB, covariance }: JointSpread): number | null {
  return ratio(100 * covariance, Math.sqrt(varianceA * varianceB));
}

/** C(a, a + b) = V(a) + C(a, b). */
function covarianceWithSum({ varianceA, varianceB, covariance }: JointSpread): number {
  const sum = varianceA + covariance;
  return Math.abs(sum) <= NOISE * (varianceA + Math.sqrt(varianceA * varianceB)) ? 0 : sum;
}

/** Whether a mean squared deviation is no more than rounding of numbers as large as these. */
function isFlat(meanSquare: number, list: Float64Array): boolean {
  let largest = 0;
  for (let i = 0; i < list.length; i += 1) largest = Math.max(largest, Math.abs(list[i] ?? 0));
  return Math.sqrt(meanSquare) <= NOISE * largest;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 || Number.isNaN(part) ? null : part / whole;
}
