import type { ScheduledModule } from '../../core/path/schedule';
import type { Database } from '../../platform/db/database';
import { uuidv7 } from '../../platform/ids';
import { LearningPlan } from './path.entity';

export type PathsRepository = ReturnType<typeof createPathsRepository>;

export function createPathsRepository(db: Database) {
  return {
    /** Writes a plan with its steps; the person's current plan becomes history. Two at once: the later one stays. */
    async replacePlan(
      plan: Omit<LearningPlan, 'id' | 'acceptedAt' | 'replacedAt'>,
      steps: (ScheduledModule & { minutes: number })[],
    ): Promise<void> {
      db.assertTransaction();
      await db.query('paths.lockPerson', 'select id from users where id = $1 for no key update', [
        plan.userId,
      ]);
      await db.query(
        'paths.replace',
        'update learning_plans set replaced_at = now() where user_id = $1 and replaced_at is null',
        [plan.userId],
      );
      const id = uuidv7();
      await db.repository(LearningPlan).insert({ id, ...plan });
      await db.query(
        'paths.insertSteps',
        `insert into learning_plan_steps (plan_id, position, module_code, minutes, starts_on, due_on)
         select $1, s.position, s.module, s.minutes, s."startsOn", s."dueOn"
         from jsonb_to_recordset($2::jsonb) as s(position int, module text, minutes int, "startsOn" date, "dueOn" date)`,
        [id, JSON.stringify(steps.map((step, i) => ({ ...step, position: i + 1 })))],
      );
    },
  };
}
