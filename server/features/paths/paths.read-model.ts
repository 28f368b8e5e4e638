import type { Database } from '../../platform/db/database';

/** Codes of the modules that a person has completed, in any course. */
export async function selectCompletedModules(db: Database, userId: string): Promise<string[]> {
  const rows = await db.query<{ code: string }>(
    'paths.completed',
    `select distinct mc.module_code as code from module_completions mc join enrolments e on e.id = mc.enrolment_id
     where e.user_id = $1 order by 1`,
    [userId],
  );
  return rows.map((row) => row.code);
}

export type PlanStep = { module: string; minutes: number; startsOn: string; dueOn: string };
export type Plan = {
  problemHash: string;
  minutes: number;
  hoursPerWeek: number;
  startsOn: string;
  acceptedAt: Date;
  steps: PlanStep[];
};

/** The plan a person follows now, with its dated steps, or null. */
export async function selectOptionalPlan(db: Database, userId: string): Promise<Plan | null> {
  const rows = await db.query<Plan>(
    'paths.plan',
    `select problem_hash as "problemHash", minutes, hours_per_week::float8 as "hoursPerWeek",
       to_char(starts_on, 'YYYY-MM-DD') as "startsOn", accepted_at as "acceptedAt",
       (select json_agg(json_build_object('module', module_code, 'minutes', minutes, 'startsOn', starts_on, 'dueOn', due_on)
          order by position) from learning_plan_steps where plan_id = p.id) as steps
     from learning_plans p where user_id = $1 and replaced_at is null`,
    [userId],
  );
  return rows[0] ?? null;
}
