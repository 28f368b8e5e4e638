import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { User } from './user.entity';

export type TokenPurpose = 'invitation' | 'password-reset';

/** A one-time link that was mailed. Only the hash is kept: whoever reads the table cannot use it. */
@Entity('account_tokens')
@Unique('account_tokens_token_hash_key', ['tokenHash'])
@Check('account_tokens_purpose_check', `purpose in ('invitation', 'password-reset')`)
export class AccountToken {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'account_tokens_pkey' }) id!: string;
  @Index('account_tokens_user_id_idx')
  @ForeignKey(() => User, { name: 'account_tokens_user_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  userId!: string;
  @Column({ type: 'text' }) purpose!: TokenPurpose;
  @Column({ type: 'bytea' }) tokenHash!: Buffer;
  @Column({ type: 'timestamptz' }) expiresAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) usedAt!: Date | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
