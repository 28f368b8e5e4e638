import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { RoleCode } from '../../core/framework';
import type { PathSolution } from '../../core/path/plan';
import { User } from '../accounts/user.entity';
import { FrameworkVersion } from '../frameworks/framework-version.entity';

/** A path that a learner accepted, with the dates it was given. A new one replaces it; the old one stays as history. */
@Entity('learning_plans')
@Check('learning_plans_hours_per_week_check', 'hours_per_week between 0.5 and 40')
@Index('learning_plans_current_key', ['userId'], { unique: true, where: 'replaced_at IS NULL' })
export class LearningPlan {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'learning_plans_pkey' }) id!: string;
  @ForeignKey(() => User, { name: 'learning_plans_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  userId!: string;
  @ForeignKey(() => FrameworkVersion, { name: 'learning_plans_framework_version_id_fkey' })
  @Column({ type: 'uuid' })
  frameworkVersionId!: string;
  @Column({ type: 'text' }) roleCode!: RoleCode;
  /** Of the problem that the path solves: another hash means that evidence, targets or curriculum have changed since. */
  @Column({ type: 'text' }) problemHash!: string;
  @Column({ type: 'jsonb' }) solution!: PathSolution;
  @Column({ type: 'integer' }) minutes!: number;
  @Column({ type: 'numeric', precision: 4, scale: 1 }) hoursPerWeek!: string;
  @Column({ type: 'date' }) startsOn!: string;
  @Column({ type: 'timestamptz', default: () => 'now()' }) acceptedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) replacedAt!: Date | null;
}
