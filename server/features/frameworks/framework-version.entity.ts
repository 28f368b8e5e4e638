import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Framework } from '../../core/framework';

/** A version of the competence framework. Once published it never changes; a trigger sees to it. */
@Entity('framework_versions')
@Unique('framework_versions_code_version_key', ['code', 'version'])
@Check('framework_versions_status_check', `status in ('draft', 'published')`)
@Check('framework_versions_published_check', `(status = 'published') = (published_at is not null)`)
export class FrameworkVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'framework_versions_pkey' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) version!: string;
  @Column({ type: 'text' }) status!: 'draft' | 'published';
  @Column({ type: 'jsonb' }) document!: Framework;
  @Column({ type: 'timestamptz', nullable: true }) publishedAt!: Date | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
