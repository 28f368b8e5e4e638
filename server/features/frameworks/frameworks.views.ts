import type { Competency, Framework, Overlay, RoleCode, Target } from '../../core/framework';
import { textIn } from '../../core/localized-text';
import { definePage } from '../../platform/http/page';
import { formatDate } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import type { PublishedFramework } from './frameworks.read-model';

type CompetencyView = {
  code: string;
  name: string;
  definition: string;
  tasks: string;
  /** "Target 4, critical", or that this role does not need it. */
  target: string;
  levels: { label: string; text: string; isTarget: boolean }[];
};

export type ProfileView = {
  title: string;
  version: string;
  intro: string;
  role: string;
  open: boolean;
  toggleHref: string;
  roles: { href: string; name: string; current: boolean }[];
  tasks: { code: string; name: string }[];
  levels: { level: number; name: string; meaning: string; evidence: string; eqf: string }[];
  areas: { code: string; name: string; description: string; competencies: CompetencyView[] }[];
  targets: {
    roles: { name: string; current: boolean }[];
    areas: { name: string; columns: number; rows: { code: string; name: string; cells: string[] }[] }[];
  };
  overlays: { name: string; roles: string; changes: string }[];
};

export const PROFILE_PAGE = definePage<ProfileView>('frameworks/profile');

/** "Framework CM 1.0, published 3 May 2026": how every page names the version its figures rest on. */
export function versionLine(t: Translate, locale: Locale, framework: PublishedFramework): string {
  const { code, version } = framework.document;
  return t('frameworks.version', { code, version, date: formatDate(framework.publishedAt, locale) });
}

/**
 * The job profile as everybody may read it, seen from one role.
 * @param shown.open whether the competencies arrive unfolded
 */
export function profileView(
  t: Translate,
  locale: Locale,
  framework: PublishedFramework,
  shown: { role: RoleCode; open: boolean },
): ProfileView {
  const { document } = framework;
  const profile = document.profiles.find(({ code }) => code === shown.role);
  const role = profile ? textIn(profile.name, locale) : shown.role;
  const address = (roleCode: RoleCode, open: boolean) =>
    `/profile?role=${roleCode}${open ? '&show=all' : ''}`;

  return {
    title: t('frameworks.profile.title'),
    version: versionLine(t, locale, framework),
    intro: t('frameworks.profile.intro', {
      competencies: document.competencies.length,
      areas: document.areas.length,
    }),
    role,
    open: shown.open,
    toggleHref: `${address(shown.role, !shown.open)}#competencies`,
    roles: document.profiles.map(({ code, name }) => ({
      href: `${address(code, shown.open)}#competencies`,
      name: textIn(name, locale),
      current: code === shown.role,
    })),
    tasks: document.tasks.map(({ code, name }) => ({ code, name: textIn(name, locale) })),
    levels: document.levels
      .filter(({ level }) => level > 0)
      .map(({ level, name, meaning, evidence, eqf }) => ({
        level,
        name: textIn(name, locale),
        meaning: textIn(meaning, locale),
        evidence: textIn(evidence, locale),
        eqf,
      })),
    areas: document.areas.map(({ code, name, description }) => ({
      code,
      name: textIn(name, locale),
      description: textIn(description, locale),
      competencies: competenciesOf(document, code).map((competency) =>
        competencyView(t, locale, document, competency, profile?.targets[competency.code]),
      ),
    })),
    targets: {
      roles: document.profiles.map(({ code, name }) => ({
        name: textIn(name, locale),
        current: code === shown.role,
      })),
      areas: document.areas.map((area) => ({
        name: textIn(area.name, locale),
        columns: document.profiles.length + 1,
        rows: competenciesOf(document, area.code).map(({ code, name }) => ({
          code,
          name: textIn(name, locale),
          cells: document.profiles.map(({ targets }) => {
            const target = targets[code];
            return target ? `${target.level} / ${target.weight}` : '–';
          }),
        })),
      })),
    },
    overlays: [
      ...Object.entries(document.overlays.types).map(([code, overlay]) =>
        overlayView(t, locale, document, t(`frameworks.types.${code}`), overlay),
      ),
      ...Object.entries(document.overlays.stages).map(([code, overlay]) =>
        overlayView(t, locale, document, t(`frameworks.stages.${code}`), overlay),
      ),
    ],
  };
}

function competenciesOf(framework: Framework, area: string): Competency[] {
  return framework.competencies.filter((competency) => competency.area === area);
}

function competencyView(
  t: Translate,
  locale: Locale,
  framework: Framework,
  competency: Competency,
  target: Target | undefined,
): CompetencyView {
  const names = new Map(framework.levels.map(({ level, name }) => [level as number, textIn(name, locale)]));
  return {
    code: competency.code,
    name: textIn(competency.name, locale),
    definition: textIn(competency.definition, locale),
    tasks: competency.tasks.join(', '),
    target: target
      ? t('frameworks.profile.target', {
          level: target.level,
          weight: t(`frameworks.weights.${target.weight}`),
        })
      : t('frameworks.profile.notNeeded'),
    levels: competency.descriptors.map((descriptor, index) => ({
      label: names.get(index + 1) ?? '',
      text: textIn(descriptor, locale),
      isTarget: target?.level === index + 1,
    })),
  };
}

function overlayView(
  t: Translate,
  locale: Locale,
  framework: Framework,
  name: string,
  overlay: Overlay,
): ProfileView['overlays'][number] {
  const roles = framework.profiles.filter(({ code }) => overlay.roles.includes(code));
  const changes = Object.entries(overlay.adjustments).map(([code, { level, weight }]) => {
    const parts = [
      level > 0 ? t('frameworks.profile.levelUp', { by: level }) : null,
      weight > 0 ? t('frameworks.profile.weightUp', { by: weight }) : null,
    ];
    return `${code} ${parts.filter((part) => part !== null).join(', ')}`;
  });
  return {
    name,
    roles: roles.map((profile) => textIn(profile.name, locale)).join(', '),
    changes: changes.join(' · '),
  };
}
