import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { CourseOutline } from '../../core/curriculum';

@Entity('courses')
@Unique('courses_code_key', ['code'])
@Unique('courses_slug_key', ['slug'])
export class Course {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'courses_pkey' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) slug!: string;
  @Column({ type: 'integer' }) position!: number;
  @ForeignKey(() => CourseVersion, { name: 'courses_current_version_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  currentVersionId!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
}

/** What a course was at one moment. Never updated: enrolments and attempts point at the version they saw. */
@Entity('course_versions')
@Unique('course_versions_course_id_number_key', ['courseId', 'number'])
export class CourseVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'course_versions_pkey' }) id!: string;
  @ForeignKey(() => Course, { name: 'course_versions_course_id_fkey' })
  @Column({ type: 'uuid' })
  courseId!: string;
  @Column({ type: 'integer' }) number!: number;
  @Column({ type: 'text' }) contentHash!: string;
  @Column({ type: 'jsonb' }) outline!: CourseOutline;
  @Column({ type: 'timestamptz', default: () => 'now()' }) publishedAt!: Date;
}
