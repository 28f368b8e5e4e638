import { uuidv7 } from '../ids';
import type { Database } from './database';

export type AuditEntry = {
  /** Who did it; null for the system itself. */
  actorId: string | null;
  /** Past tense, namespaced: `account.invited`, `module_record.corrected`. */
  action: string;
  objectType: string;
  objectId: string;
  details?: Record<string, unknown>;
};

/** Writes down who did what, in the transaction of the deed itself: either both happen or neither. */
export async function recordAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db.query(
    'audit.record',
    `insert into audit_entries (id, actor_id, action, object_type, object_id, details) values ($1, $2, $3, $4, $5, $6)`,
    [
      uuidv7(),
      entry.actorId,
      entry.action,
      entry.objectType,
      entry.objectId,
      JSON.stringify(entry.details ?? {}),
    ],
  );
}
