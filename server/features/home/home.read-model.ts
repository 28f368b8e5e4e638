import type { Database } from '../../platform/db/database';

export type AwaitingRecord = { slug: string; courseTitle: { en: string; it?: string }; learners: number };

/** Courses of a trainer in which somebody has finished a module's lessons and waits for its record. */
export function selectAwaitingRecords(db: Database, trainerId: string): Promise<AwaitingRecord[]> {
  return db.query<AwaitingRecord>(
    'home.awaiting',
    `select c.slug, v.outline->'title' as "courseTitle", count(distinct e.id)::int as learners
     from course_trainers ct
     join courses c on c.id = ct.course_id
     join enrolments e on e.course_id = c.id and e.completed_at is null
     join course_versions v on v.id = e.course_version_id
     cross join lateral jsonb_array_elements(v.outline->'modules') m
     where ct.user_id = $1 and m->'modes' <> '["O"]'::jsonb and (m->>'open')::boolean
       and not exists (select 1 from module_records r where r.enrolment_id = e.id and r.module_code = m->>'code'
         and r.replaced_at is null and r.outcome = 'achieved')
       and jsonb_array_length(m->'lessons') = (select count(*) from lesson_progress lp
         where lp.enrolment_id = e.id and lp.module_code = m->>'code' and lp.completed_at is not null)
     group by c.slug, v.outline->'title', c.position order by c.position`,
    [trainerId],
  );
}

export type CountryCounts = {
  country: string;
  clusters: number;
  people: number;
  assessed: number;
  certificates: number;
};

/** Programme figures by country, without names; of one partner for its staff, of all for coordinators and administrators. */
export function selectCountryCounts(db: Database, partnerId: string | null): Promise<CountryCounts[]> {
  return db.query<CountryCounts>(
    'home.countries',
    `select p.country, count(distinct c.id)::int as clusters, count(distinct m.user_id)::int as people,
       count(distinct a.user_id)::int as assessed, count(distinct ce.id)::int as certificates
     from partners p
     left join clusters c on c.partner_id = p.id
     left join memberships m on m.cluster_id = c.id and m.until is null
     left join assessments a on a.user_id = m.user_id and a.submitted_at is not null
     left join certificates ce on ce.user_id = m.user_id and ce.issued_at is not null
     where $1::uuid is null or p.id = $1
     group by p.country order by p.country`,
    [partnerId],
  );
}
