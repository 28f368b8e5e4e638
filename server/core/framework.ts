/**
 * The competence framework as the rest of the system sees it: one immutable, versioned document.
 * Types only; the schema that checks a file against them is in features/frameworks.
 */

/** A text per content language. English is always there and is what missing translations fall back to. */
export type LocalizedText = { en: string } & Partial<Record<ContentLanguage, string>>;

export const CONTENT_LANGUAGES = ['en', 'it', 'de', 'pl', 'cs', 'sk', 'sl', 'hu'] as const;
export type ContentLanguage = (typeof CONTENT_LANGUAGES)[number];

/** Proficiency levels: 0 not evidenced, 1 aware, 2 guided, 3 independent, 4 advanced, 5 leading. */
export const LEVELS = [0, 1, 2, 3, 4, 5] as const;
export type Level = (typeof LEVELS)[number];

export const ROLE_CODES = ['CM', 'PO', 'IO', 'CB'] as const;
export type RoleCode = (typeof ROLE_CODES)[number];

export const CLUSTER_TYPES = ['IND', 'SRV', 'RND'] as const;
export type ClusterType = (typeof CLUSTER_TYPES)[number];

export const CLUSTER_STAGES = ['emerging', 'growing', 'mature'] as const;
export type ClusterStage = (typeof CLUSTER_STAGES)[number];

/** Weight of a competency in a role profile: 1 useful, 2 important, 3 critical. */
export type Weight = 1 | 2 | 3;

export type Target = { level: Level; weight: Weight };

export type Competency = {
  code: string;
  area: string;
  name: LocalizedText;
  definition: LocalizedText;
  tasks: string[];
  /** Behavioural descriptors of levels 1 to 5; index 0 holds level 1. */
  descriptors: LocalizedText[];
  escoUris: string[];
};

export type RoleProfile = {
  code: RoleCode;
  name: LocalizedText;
  /** Competency code → target. A competency that the role does not need is absent. */
  targets: Record<string, Target>;
};

/** What a cluster's type or stage adds to the targets of some roles (result capped at level 5, weight 3). */
export type Overlay = {
  roles: RoleCode[];
  adjustments: Record<string, { level: number; weight: number }>;
};

export const EVIDENCE_SOURCES = [
  'self',
  'group360',
  'diagnostic',
  'quiz',
  'graded-exercise',
  'workplace',
  'panel',
  'prior-learning',
] as const;
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** How one source observes the true level: see core/estimate.ts for the formula these numbers enter. */
export type SourceModel = {
  /** Mean of (observed − true level), in levels. Positive: the source is lenient. */
  bias: number;
  /** Standard deviation of one observation, in levels. */
  noise: number;
  /** Highest level the source can evidence. */
  cap: Level;
  /** Whether an observation by this source counts as verified (checked by somebody or something else than the person). */
  verified: boolean;
  /** Observations needed to halve the variance once (items, raters); 1 when each piece stands for itself. */
  itemsPerObservation: number;
};

export type ObservationModel = {
  version: string;
  /** Prior probability of levels 0–5 before any evidence. Sums to 1. */
  prior: number[];
  /** Variance, in levels², that a piece of evidence gains with each year of age. */
  ageingVariancePerYear: number;
  sources: Record<EvidenceSource, SourceModel>;
};

export type Framework = {
  code: string;
  version: string;
  title: LocalizedText;
  levels: {
    level: Level;
    name: LocalizedText;
    meaning: LocalizedText;
    eqf: string;
    evidence: LocalizedText;
  }[];
  tasks: { code: string; name: LocalizedText }[];
  areas: { code: string; name: LocalizedText; description: LocalizedText }[];
  competencies: Competency[];
  profiles: RoleProfile[];
  overlays: { types: Record<ClusterType, Overlay>; stages: Partial<Record<ClusterStage, Overlay>> };
  model: ObservationModel;
};
