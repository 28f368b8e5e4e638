import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ClusterStage, ClusterType, RoleCode } from '../../core/framework';
import { Partner } from '../accounts/partner.entity';
import { User } from '../accounts/user.entity';

@Entity('clusters')
@Unique('clusters_slug_key', ['slug'])
@Check('clusters_type_check', `type in ('IND', 'SRV', 'RND')`)
@Check('clusters_stage_check', `stage in ('emerging', 'growing', 'mature')`)
export class Cluster {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'clusters_pkey' }) id!: string;
  @Index('clusters_partner_id_idx')
  @ForeignKey(() => Partner, { name: 'clusters_partner_id_fkey' })
  @Column({ type: 'uuid' })
  partnerId!: string;
  @Column({ type: 'text' }) slug!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) type!: ClusterType | null;
  @Column({ type: 'text', nullable: true }) stage!: ClusterStage | null;
  @Column({ type: 'text' }) region!: string;
  /** Invented for the demonstration programme: said so wherever the cluster is shown. */
  @Column({ type: 'boolean' }) fictional!: boolean;
  @Column({ type: 'jsonb', default: {} }) facts!: object;
}

@Entity('memberships')
@Check('memberships_role_code_check', `role_code in ('CM', 'PO', 'IO', 'CB')`)
@Check('memberships_until_check', `until is null or until >= since`)
@Index('memberships_current_key', ['userId', 'clusterId'], { unique: true, where: 'until IS NULL' })
export class Membership {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'memberships_pkey' }) id!: string;
  @ForeignKey(() => User, { name: 'memberships_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  userId!: string;
  @Index('memberships_cluster_id_idx')
  @ForeignKey(() => Cluster, { name: 'memberships_cluster_id_fkey' })
  @Column({ type: 'uuid' })
  clusterId!: string;
  @Column({ type: 'text' }) roleCode!: RoleCode;
  @Column({ type: 'date' }) since!: string;
  @Column({ type: 'date', nullable: true }) until!: string | null;
}
