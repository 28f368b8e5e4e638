import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A national partner of the programme: the scope within which its staff see named data. */
@Entity('partners')
@Unique('partners_code_key', ['code'])
export class Partner {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'partners_pkey' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'char', length: 2 }) country!: string;
  @Column({ type: 'text' }) name!: string;
}
