import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CertificateSnapshot } from '../../core/certificate';
import { User } from '../accounts/user.entity';
import { Enrolment } from '../learning/learning.entity';

/** One certificate per completed course: the unique enrolment makes a second one impossible, whatever runs twice. */
@Entity('certificates')
@Unique('certificates_number_key', ['number'])
@Unique('certificates_enrolment_id_key', ['enrolmentId'])
@Check(
  'certificates_issued_check',
  '(issued_at is null) = (pdf is null) and (pdf is null) = (pdf_sha256 is null)',
)
export class Certificate {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'certificates_pkey' }) id!: string;
  @Column({ type: 'text' }) number!: string;
  @Index('certificates_user_id_idx')
  @ForeignKey(() => User, { name: 'certificates_user_id_fkey' })
  @Column({ type: 'uuid' })
  userId!: string;
  @ForeignKey(() => Enrolment, { name: 'certificates_enrolment_id_fkey' })
  @Column({ type: 'uuid' })
  enrolmentId!: string;
  @Column({ type: 'jsonb' }) snapshot!: CertificateSnapshot;
  @Column({ type: 'timestamptz', default: () => 'now()' }) requestedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) issuedAt!: Date | null;
  @Column({ type: 'timestamptz' }) expiresAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) revokedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) revocationReason!: string | null;
  @Column({ type: 'bytea', nullable: true, select: false }) pdf!: Buffer | null;
  @Column({ type: 'text', nullable: true }) pdfSha256!: string | null;
}
