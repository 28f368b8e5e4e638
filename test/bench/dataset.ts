import { DEMO_PASSWORD } from '../../seeds/demo/accounts';
import type { Composition } from '../../server/composition';

export const BENCH_PASSWORD = DEMO_PASSWORD;

/** Address of the n-th generated learner, from 1. */
export const learnerEmail = (n: number): string => `learner${n}@bench.example`;

/**
 * Fills an empty database with `learners` people as the features would have left them: a submitted self-assessment,
 * evidence from quizzes, an enrolment in C01 with some lessons read, a plan of 40 steps. Set-based, seeded.
 */
export async function generateLearners(services: Composition, learners: number): Promise<void> {
  const { db, accounts } = services;
  const first = await accounts.service.createWithPassword(
    { email: learnerEmail(1), name: 'Learner 1', role: 'learner', partnerId: null, locale: 'en' },
    BENCH_PASSWORD,
  );
  const statements = [
    `select setseed(0.42)`,
    `insert into users (id, email, name, password_hash, role, locale, credentials_changed_at)
     select gen_random_uuid(), 'learner' || n || '@bench.example', 'Learner ' || n,
       (select password_hash from users where id = '${first}'), 'learner', 'en', now() - interval '1 hour'
     from generate_series(2, ${learners}) n`,
    `insert into assessments (id, user_id, framework_version_id, role_code, started_at, submitted_at)
     select gen_random_uuid(), u.id, f.id, (array['CM', 'PO', 'IO', 'CB'])[1 + floor(random() * 4)::int],
       now() - interval '3 hours', now() - interval '2 hours'
     from users u, framework_versions f where u.email like '%@bench.example'`,
    `insert into assessment_answers (assessment_id, competency_code, level)
     select a.id, c->>'code', floor(random() * 5)::int
     from assessments a, framework_versions f, jsonb_array_elements(f.document->'competencies') c where f.id = a.framework_version_id`,
    `insert into evidence (id, user_id, framework_version_id, competency_code, source, level, origin_type, origin_id, observed_at)
     select gen_random_uuid(), a.user_id, a.framework_version_id, w.competency_code, 'self', w.level, 'assessment', a.id::text, a.submitted_at
     from assessments a join assessment_answers w on w.assessment_id = a.id`,
    `insert into evidence (id, user_id, framework_version_id, competency_code, source, level, cap, items, origin_type, origin_id, observed_at)
     select gen_random_uuid(), user_id, framework_version_id, competency_code, 'quiz', 1, 1, 4, 'bench', user_id::text, now() - interval '1 hour'
     from evidence where source = 'self' and competency_code in ('STR-01', 'GOV-01', 'MEM-02', 'FAC-01', 'GOV-03')`,
    `insert into enrolments (id, user_id, course_id, course_version_id)
     select gen_random_uuid(), u.id, c.id, c.current_version_id from users u, courses c where c.code = 'C01' and u.email like '%@bench.example'`,
    `insert into lesson_progress (enrolment_id, module_code, lesson_slug, position, completed_at)
     select e.id, 'C01-M1', l.lesson->>'slug', 1, now()
     from enrolments e join course_versions v on v.id = e.course_version_id
     cross join lateral jsonb_array_elements(v.outline->'modules'->0->'lessons') with ordinality l(lesson, n)
     where l.n <= 2`,
    `insert into learning_plans (id, user_id, framework_version_id, role_code, problem_hash, solution, minutes, hours_per_week, starts_on)
     select gen_random_uuid(), user_id, framework_version_id, role_code, 'bench', '{}', 6000, 3, current_date from assessments`,
    `insert into learning_plan_steps (plan_id, position, module_code, minutes, starts_on, due_on)
     select p.id, m.n, m.code, m.minutes, current_date + m.n::int * 7, current_date + m.n::int * 7 + 6
     from learning_plans p, (select code, minutes, row_number() over (order by code) as n from modules) m where m.n <= 40`,
    `analyze`,
  ];
  for (const [i, sql] of statements.entries()) await db.query(`bench.${i}`, sql);
}
