import type {
  ClusterStage,
  ClusterType,
  Framework,
  Level,
  Overlay,
  RoleCode,
  Target,
  Weight,
} from './framework';

/**
 * Targets of a role in a cluster: the role profile plus what the overlays of the cluster's type and stage add, with
 * level held in 0–5 and weight in 1–3. An overlay speaks only to the roles it lists, and only changes competencies
 * that the profile has: it never adds one.
 *
 * @param cluster type and stage, where known; without them the plain profile
 * @returns competency code → target, a new object
 * @throws RangeError when the framework has no profile for the role
 */
export function effectiveTargets(
  framework: Pick<Framework, 'profiles' | 'overlays'>,
  role: RoleCode,
  cluster: { type?: ClusterType | null | undefined; stage?: ClusterStage | null | undefined } = {},
): Record<string, Target> {
  const profile = framework.profiles.find(({ code }) => code === role);
  if (!profile) throw new RangeError(`The framework has no profile for role ${role}`);

  const { types, stages } = framework.overlays;
  const overlays: (Overlay | null | undefined)[] = [
    cluster.type ? types[cluster.type] : null,
    cluster.stage ? stages[cluster.stage] : null,
  ];
  const adjustments = overlays.flatMap((overlay) =>
    overlay?.roles.includes(role) ? [overlay.adjustments] : [],
  );

  return Object.fromEntries(
    Object.entries(profile.targets).map(([competency, target]) => {
      const level = adjustments.reduce<number>(
        (sum, added) => sum + (added[competency]?.level ?? 0),
        target.level,
      );
      const weight = adjustments.reduce<number>(
        (sum, added) => sum + (added[competency]?.weight ?? 0),
        target.weight,
      );
      return [competency, { level: clamp(level, 0, 5) as Level, weight: clamp(weight, 1, 3) as Weight }];
    }),
  );
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
