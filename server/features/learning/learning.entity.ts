import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RecordOutcome } from '../../core/progress';
import { User } from '../accounts/user.entity';
import { Course, CourseVersion } from '../catalogue/course.entity';

/** A learner in one version of a course. The version stays theirs when the course changes. */
@Entity('enrolments')
@Unique('enrolments_user_id_course_id_key', ['userId', 'courseId'])
export class Enrolment {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'enrolments_pkey' }) id!: string;
  @ForeignKey(() => User, { name: 'enrolments_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  userId!: string;
  @Index('enrolments_course_id_idx')
  @ForeignKey(() => Course, { name: 'enrolments_course_id_fkey' })
  @Column({ type: 'uuid' })
  courseId!: string;
  @ForeignKey(() => CourseVersion, { name: 'enrolments_course_version_id_fkey' })
  @Column({ type: 'uuid' })
  courseVersionId!: string;
  @Column({ type: 'timestamptz', default: () => 'now()' }) enrolledAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) completedAt!: Date | null;
}

/** What a trainer recorded of a live, workshop, field, peer or panel module. A correction replaces, never overwrites. */
@Entity('module_records')
@Check('module_records_outcome_check', `outcome in ('achieved', 'attended', 'absent')`)
@Index('module_records_current_key', ['enrolmentId', 'moduleCode'], {
  unique: true,
  where: 'replaced_at IS NULL',
})
export class ModuleRecord {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'module_records_pkey' }) id!: string;
  @ForeignKey(() => Enrolment, { name: 'module_records_enrolment_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  enrolmentId!: string;
  @Column({ type: 'text' }) moduleCode!: string;
  @Column({ type: 'date' }) heldOn!: string;
  @Column({ type: 'text' }) outcome!: RecordOutcome;
  @Column({ type: 'text', default: '' }) note!: string;
  @ForeignKey(() => User, { name: 'module_records_recorded_by_fkey', onDelete: 'SET NULL' })
  @Column({ type: 'uuid', nullable: true })
  recordedBy!: string | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) recordedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) replacedAt!: Date | null;
}
