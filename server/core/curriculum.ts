/** The curriculum as the path planner and the catalogue see it. Types only. */

/** O online, L live, W workshop, F field, P peer, PAN panel. A module may combine two (W and F). */
export const MODULE_MODES = ['O', 'L', 'W', 'F', 'P', 'PAN'] as const;
export type ModuleMode = (typeof MODULE_MODES)[number];

/** Highest level a module of each mode can evidence (framework 3.1). A combination takes the highest. */
export const MODE_CAP: Readonly<Record<ModuleMode, number>> = { O: 2, L: 3, W: 3, F: 4, P: 4, PAN: 5 };

export type PlannableModule = {
  code: string;
  minutes: number;
  modes: ModuleMode[];
  /** Competency code → level reached by completing the module. */
  levels: Record<string, number>;
  /** Codes of the modules that must be completed before this one. Binding. */
  prerequisites: string[];
};
