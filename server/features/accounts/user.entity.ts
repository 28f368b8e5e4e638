import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { UserRole } from '../../platform/http/current-user';
import type { Locale } from '../../platform/i18n/i18n';
import { Partner } from './partner.entity';

@Entity('users')
@Unique('users_email_key', ['email'])
@Check('users_role_check', `role in ('learner', 'trainer', 'staff', 'coordinator', 'admin')`)
export class User {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' }) id!: string;
  @Column({ type: 'citext' }) email!: string;
  @Column({ type: 'text' }) name!: string;
  /** argon2id, encoded. Null until the person has accepted the invitation. */
  @Column({ type: 'text', nullable: true }) passwordHash!: string | null;
  @Column({ type: 'text' }) role!: UserRole;
  @ForeignKey(() => Partner, { name: 'users_partner_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  partnerId!: string | null;
  @Column({ type: 'text', default: 'en' }) locale!: Locale;
  @Column({ type: 'boolean', default: false }) fictional!: boolean;
  /** Sessions opened before this moment are over. */
  @Column({ type: 'timestamptz', default: () => 'now()' }) credentialsChangedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) disabledAt!: Date | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
