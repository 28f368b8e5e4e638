import { CLUSTER_TYPES, type RoleProfile } from '../../core/framework';
import { textIn } from '../../core/localized-text';
import { definePage } from '../../platform/http/page';
import { formatDate } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { type SelectView, select } from '../../platform/views/field';
import type { ClusterRow, PersonRow } from '../organisations/organisations.read-model';
import type { FactSource } from '../organisations/organisations.schemas';
import type { RegisterQuery } from './register.schemas';

type ClusterLine = {
  href: string;
  name: string;
  place: string;
  /** Type and stage in words, or that they are not known. */
  facts: string;
  members: string | null;
  own: boolean;
};

export type ClustersView = {
  title: string;
  selects: SelectView[];
  filtered: boolean;
  count: string;
  /** Real clusters and fictional ones, never mixed. Those without clusters are left out. */
  groups: { id: string; title: string; text: string; clusters: ClusterLine[] }[];
  /** What to say instead of a list; null if there is one. */
  empty: { title: string; text: string; href: string | null; action: string | null } | null;
  pagination: { page: number; pages: number; prevHref: string | null; nextHref: string | null };
};

export const CLUSTERS_PAGE = definePage<ClustersView>('register/clusters');

export function clustersView(
  given: {
    query: RegisterQuery;
    countries: readonly string[];
    clusters: readonly ClusterRow[];
    total: number;
    pages: number;
    /** Ids of the clusters that the reader belongs to. */
    own: ReadonlySet<string>;
  },
  t: Translate,
  locale: Locale,
): ClustersView {
  const { query, clusters, total, pages, own } = given;
  const group = (id: 'real' | 'fictional') => ({
    id,
    title: t(`register.groups.${id}.title`),
    text: t(`register.groups.${id}.text`),
    clusters: clusters
      .filter(({ fictional }) => fictional === (id === 'fictional'))
      .map((cluster) => clusterLine(cluster, own.has(cluster.id), t, locale)),
  });
  const filtered = query.country !== null || query.type !== null;
  return {
    title: t('register.title'),
    selects: filterSelects(query, given.countries, t, locale),
    filtered,
    count: t('register.count', { count: total }),
    groups: [group('real'), group('fictional')].filter((each) => each.clusters.length > 0),
    empty:
      clusters.length > 0 ? null : emptyView(query.page > 1 ? 'beyond' : filtered ? 'none' : 'nothing', t),
    pagination: {
      page: query.page,
      pages,
      prevHref: query.page > 1 ? address(query, query.page - 1) : null,
      nextHref: query.page < pages ? address(query, query.page + 1) : null,
    },
  };
}

function emptyView(why: 'none' | 'beyond' | 'nothing', t: Translate): ClustersView['empty'] {
  const way = why === 'nothing' ? null : { href: '/clusters', action: t(`register.${why}.action`) };
  return {
    title: t(`register.${why}.title`),
    text: t(`register.${why}.text`),
    href: way?.href ?? null,
    action: way?.action ?? null,
  };
}

function address({ country, type }: RegisterQuery, page: number): string {
  const given = Object.entries({ country, type }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return `/clusters?${new URLSearchParams([...given, ['page', String(page)]]).toString()}`;
}

function filterSelects(
  query: RegisterQuery,
  countries: readonly string[],
  t: Translate,
  locale: Locale,
): SelectView[] {
  const any = { value: '', label: t('register.filters.any') };
  const byName = countries
    .map((code) => ({ value: code, label: countryName(code, locale) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, locale));
  const types = [
    ...CLUSTER_TYPES.map((type) => ({ value: type, label: t(`frameworks.types.${type}`) })),
    { value: 'unknown', label: t('register.filters.unknown') },
  ];
  return [
    select('country', t('register.filters.country'), [any, ...byName], { value: query.country }),
    select('type', t('register.filters.type'), [any, ...types], { value: query.type }),
  ];
}

function clusterLine(cluster: ClusterRow, own: boolean, t: Translate, locale: Locale): ClusterLine {
  const { type, stage, facts } = cluster;
  return {
    href: `/clusters/${cluster.slug}`,
    name: cluster.name,
    place: placeOf(cluster, locale),
    facts: [
      type ? t(`frameworks.types.${type}`) : t('register.typeUnknown'),
      ...(stage ? [t(`register.stages.${stage}`)] : []),
    ].join(' · '),
    members: facts.members ? t('register.membersStated', { members: facts.members.text }) : null,
    own,
  };
}

type SourceView = { label: string; href: string | null };

export type ClusterView = {
  title: string;
  eyebrow: string;
  /** Says of a fictional cluster that it is one. */
  notice: { kind: 'info'; text: string } | null;
  facts: { label: string; text: string; source: SourceView | null }[];
  /** What each source says. */
  statements: { source: SourceView; texts: string[] }[];
  /** What no source at hand says, or says unclearly. */
  open: string[];
  /** Null for readers who may not see names. */
  people: { list: { name: string; role: string; since: string }[] } | null;
};

export const CLUSTER_PAGE = definePage<ClusterView>('register/cluster');

export function clusterView(
  given: { cluster: ClusterRow; people: readonly PersonRow[] | null; roles: readonly RoleProfile[] },
  t: Translate,
  locale: Locale,
): ClusterView {
  const { cluster, people, roles } = given;
  const { type, stage, fictional, facts } = cluster;
  const source = ({ label, url }: FactSource): SourceView => ({ label: textIn(label, locale), href: url });
  const unknown = t('register.unknown');
  const roleNames = new Map(roles.map(({ code, name }) => [code, textIn(name, locale)]));
  const fact = (name: string, text: string, from: FactSource | null = null) => ({
    label: t(`register.${name}`),
    text,
    source: from && source(from),
  });
  return {
    title: cluster.name,
    eyebrow: fictional ? t('register.fictional') : placeOf(cluster, locale),
    notice: fictional ? { kind: 'info', text: t('register.fictionalNotice') } : null,
    facts: [
      fact('country', countryName(cluster.country, locale)),
      ...(fictional ? [] : [fact('region', cluster.region)]),
      fact('type', type ? t(`frameworks.types.${type}`) : unknown),
      fact('stage', stage ? t(`frameworks.stages.${stage}`) : unknown),
      ...(fictional ? [] : [fact('members', facts.members?.text ?? unknown, facts.members?.source)]),
    ],
    statements: (facts.statements ?? []).map((each) => ({
      source: source(each.source),
      texts: each.texts.map((text) => textIn(text, locale)),
    })),
    open: fictional
      ? []
      : [...(facts.unclear ?? []).map((text) => textIn(text, locale)), t('register.notCollected')],
    people: people && {
      list: people.map(({ name, role, since }) => ({
        name,
        role: roleNames.get(role) ?? role,
        since: t('register.people.since', { date: formatDate(since, locale) }),
      })),
    },
  };
}

/** "Italy · Lombardia"; the place of a fictional cluster is its country alone. */
function placeOf({ country, region, fictional }: ClusterRow, locale: Locale): string {
  const name = countryName(country, locale);
  return fictional ? name : `${name} · ${region}`;
}

function countryName(code: string, locale: Locale): string {
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
}
