import type { Estimate } from '../../core/estimate';
import { EVIDENCE_SOURCES } from '../../core/framework';
import { type Gap, readiness, strengths, verifiedReadiness } from '../../core/gap';
import { textIn } from '../../core/localized-text';
import { definePage } from '../../platform/http/page';
import { formatDate, formatPercent } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import type { GapProfile } from './assessments.read-model';

/** Entries in each of the two lists in words: more would no longer be a summary. */
const IN_WORDS = 5;
/** Width of one level on the 0–5 scale of the charts, in percent. */
const LEVEL_WIDTH = 20;

type Statement = { href: string; name: string; text: string };

type BarRow = {
  id: string;
  name: string;
  href: string;
  summary: string;
  level: number | null;
  low: number | null;
  high: number | null;
  target: number | null;
  peer: null;
  claim: boolean;
  value: string;
};

type TableRow = {
  code: string;
  name: string;
  level: string;
  mean: string | null;
  interval: string;
  /** Level and weight: "4, critical". */
  target: string;
  shortfall: string;
  evidence: string;
  statusKind: string;
  status: string;
};

export type GapView = {
  title: string;
  role: string;
  lead: string;
  figures: { label: string; value: string; of: string | null; note: string }[];
  readiness: string;
  improvements: Statement[];
  moreImprovements: string | null;
  withoutEvidence: string | null;
  strengths: Statement[];
  charts: { caption: string; rows: BarRow[] }[];
  tables: { name: string; rows: TableRow[] }[];
  notNeeded: string | null;
  assessed: string | null;
  framework: string;
  asOf: string;
};

export const GAP_PAGE = definePage<GapView>('assessments/gap');
export const NO_GAP_PAGE = definePage<{ title: string; text: string; action: string }>('assessments/no-gap');

/** The gap page before there is any evidence. */
export function noGapView(t: Translate, started: boolean): { title: string; text: string; action: string } {
  return {
    title: t('assessments.gap.title'),
    text: t(started ? 'assessments.gap.emptyStarted' : 'assessments.gap.empty'),
    action: t(started ? 'assessments.gap.resume' : 'assessments.gap.begin'),
  };
}

/** Levels against targets: in figures, in words, as charts and as a table, all from the same gaps. */
export function gapView(t: Translate, locale: Locale, profile: GapProfile, asOf: Date): GapView {
  const { framework, gaps, cluster } = profile;
  const { document } = framework;
  const words = vocabulary(t, locale, profile);
  const byCode = new Map(gaps.map((gap) => [gap.competency, gap]));
  const gapsOf = (area: string) =>
    document.competencies.flatMap((competency) => {
      const gap = competency.area === area ? byCode.get(competency.code) : undefined;
      return gap ? [gap] : [];
    });

  const assessed = gaps.filter(({ estimate }) => estimate);
  const met = assessed.filter(({ open }) => !open);
  const competent = met.filter(isVerified);
  const improvements = assessed.filter(({ open }) => open);
  const withoutEvidence = gaps.filter(({ estimate }) => !estimate);
  const areas = document.areas
    .map((area) => ({ name: textIn(area.name, locale), gaps: gapsOf(area.code) }))
    .filter((area) => area.gaps.length > 0);
  const notNeeded = document.competencies.filter(({ code }) => !byCode.has(code));
  const total = gaps.length;
  const { code, version } = document;

  return {
    title: t('assessments.gap.title'),
    role: cluster
      ? t('assessments.gap.roleInCluster', { role: words.role, cluster: cluster.name })
      : words.role,
    lead: t('assessments.gap.lead', {
      count: met.length,
      total,
      role: words.role,
      verified: competent.length,
    }),
    figures: [
      {
        label: t('assessments.gap.competent'),
        value: String(competent.length),
        of: t('assessments.gap.of', { total }),
        note: t('assessments.gap.competentNote'),
      },
      {
        label: t('assessments.gap.claimed'),
        value: String(met.length - competent.length),
        of: t('assessments.gap.of', { total }),
        note: t('assessments.gap.claimedNote'),
      },
      {
        label: t('assessments.gap.completed'),
        value: String(assessed.length),
        of: t('assessments.gap.of', { total }),
        note: t('assessments.gap.completedNote'),
      },
    ],
    readiness: t('assessments.gap.readiness', {
      share: formatPercent(readiness(gaps), locale),
      verified: formatPercent(verifiedReadiness(gaps), locale),
    }),
    improvements: improvements.slice(0, IN_WORDS).map(words.improvement),
    moreImprovements:
      improvements.length > IN_WORDS
        ? t('assessments.gap.moreImprovements', { count: improvements.length - IN_WORDS })
        : null,
    withoutEvidence:
      withoutEvidence.length > 0
        ? t('assessments.gap.withoutEvidence', {
            count: withoutEvidence.length,
            names: withoutEvidence.map(words.name).join('; '),
          })
        : null,
    strengths: strengths(gaps).slice(0, IN_WORDS).map(words.strength),
    charts: areas.map((area) => ({ caption: area.name, rows: area.gaps.map(words.bar) })),
    tables: areas.map((area) => ({ name: area.name, rows: area.gaps.map(words.row) })),
    notNeeded:
      notNeeded.length > 0
        ? t('assessments.gap.notNeeded', {
            role: words.role,
            names: notNeeded.map(({ name }) => textIn(name, locale)).join('; '),
          })
        : null,
    assessed: profile.assessedAt
      ? t('assessments.gap.assessedOn', { date: formatDate(profile.assessedAt, locale) })
      : null,
    framework: t('frameworks.version', { code, version, date: formatDate(framework.publishedAt, locale) }),
    asOf: t('assessments.gap.asOf', { date: formatDate(asOf, locale) }),
  };
}

/** The target is reached by what is verified, whatever else is claimed. */
function isVerified({ estimate, required }: Pick<Gap, 'estimate' | 'required'>): boolean {
  return estimate !== null && estimate.verifiedLevel >= required;
}

/** What the page says about one gap, in one place so that chart, table and sentences cannot disagree. */
function vocabulary(t: Translate, locale: Locale, profile: GapProfile) {
  const { document } = profile.framework;
  const names = new Map(document.competencies.map(({ code, name }) => [code, textIn(name, locale)]));
  const roleProfile = document.profiles.find(({ code }) => code === profile.role);
  const name = ({ competency }: Gap): string => names.get(competency) ?? competency;
  const weight = (gap: Gap): string => t(`frameworks.weights.${gap.weight}`);

  const status = ({ estimate, open, required }: Gap): { kind: string; text: string } => {
    if (!estimate) return { kind: 'todo', text: t('assessments.gap.status.unknown') };
    if (open && estimate.claimOnly) return { kind: 'claim', text: t('assessments.gap.status.notYetClaim') };
    if (open) return { kind: 'progress', text: t('assessments.gap.status.notYet') };
    if (!isVerified({ estimate, required }))
      return { kind: 'claim', text: t('assessments.gap.status.metClaim') };
    return { kind: 'competent', text: t('assessments.gap.status.met') };
  };

  const range = ({ interval80: [low, high] }: Estimate): string =>
    low === high
      ? t('assessments.gap.likelyOne', { level: low })
      : t('assessments.gap.likelyRange', { low, high });

  const sources = (estimate: Estimate): string =>
    list(
      locale,
      EVIDENCE_SOURCES.flatMap((source) => {
        const count = estimate.counts[source];
        return count ? [t(`assessments.sources.${source}`, { count })] : [];
      }),
    );

  const restsOn = (estimate: Estimate): string => {
    if (Object.keys(estimate.counts).join() === 'self') return t('assessments.gap.restsOnSelf');
    if (!estimate.claimOnly) return t('assessments.gap.restsOn', { sources: sources(estimate) });
    const { verifiedLevel: verified } = estimate;
    return t(verified > 0 ? 'assessments.gap.restsOnClaimAbove' : 'assessments.gap.restsOnClaim', {
      sources: sources(estimate),
      verified,
    });
  };

  const sentence = (key: string, gap: Gap): Statement => ({
    href: `#${gap.competency}`,
    name: name(gap),
    text: gap.estimate
      ? t(key, {
          level: gap.estimate.ordinal,
          range: range(gap.estimate),
          target: gap.required,
          weight: weight(gap),
          restsOn: restsOn(gap.estimate),
        })
      : '',
  });

  return {
    role: roleProfile ? textIn(roleProfile.name, locale) : profile.role,
    name,
    improvement: (gap: Gap) => sentence('assessments.gap.improvement', gap),
    strength: (gap: Gap) => sentence('assessments.gap.strength', gap),

    bar(gap: Gap): BarRow {
      const { estimate } = gap;
      const value = estimate
        ? t('assessments.gap.value', { level: estimate.ordinal, target: gap.required })
        : t('assessments.gap.valueUnknown', { target: gap.required });
      return {
        id: `bar-${gap.competency}`,
        name: name(gap),
        href: `#${gap.competency}`,
        summary: estimate
          ? t('assessments.gap.summary', {
              name: name(gap),
              level: estimate.ordinal,
              range: range(estimate),
              target: gap.required,
              status: status(gap).text,
            })
          : t('assessments.gap.summaryUnknown', { name: name(gap), target: gap.required }),
        level: estimate ? estimate.ordinal * LEVEL_WIDTH : null,
        low: estimate ? estimate.interval80[0] * LEVEL_WIDTH : null,
        high: estimate ? estimate.interval80[1] * LEVEL_WIDTH : null,
        target: gap.required * LEVEL_WIDTH,
        peer: null,
        claim: estimate?.claimOnly ?? false,
        value,
      };
    },

    row(gap: Gap): TableRow {
      const { estimate } = gap;
      const { kind, text } = status(gap);
      const [low, high] = estimate?.interval80 ?? [0, 0];
      return {
        code: gap.competency,
        name: name(gap),
        level: estimate ? String(estimate.ordinal) : '–',
        mean: estimate ? oneDecimal(estimate.level, locale) : null,
        interval: estimate ? (low === high ? String(low) : `${low}–${high}`) : '–',
        target: t('assessments.gap.targetAndWeight', { level: gap.required, weight: weight(gap) }),
        shortfall: estimate ? oneDecimal(gap.shortfall, locale) : '–',
        evidence: estimate ? sources(estimate) : t('assessments.gap.noEvidence'),
        statusKind: kind,
        status: text,
      };
    },
  };
}

/** Intl objects are slow to make and a page needs them dozens of times. */
const intl = new Map<Locale, { decimal: Intl.NumberFormat; list: Intl.ListFormat }>();

function intlOf(locale: Locale) {
  const known = intl.get(locale);
  if (known) return known;
  const tag = locale === 'en' ? 'en-GB' : locale;
  const made = {
    decimal: new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    list: new Intl.ListFormat(tag),
  };
  intl.set(locale, made);
  return made;
}

/** "2.0" and not "2": the figures of a column keep their decimal. */
function oneDecimal(value: number, locale: Locale): string {
  return intlOf(locale).decimal.format(value);
}

function list(locale: Locale, entries: string[]): string {
  return intlOf(locale).list.format(entries);
}
