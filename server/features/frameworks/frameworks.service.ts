import type { Framework } from '../../core/framework';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { ConflictError } from '../../platform/errors';
import { uuidv7 } from '../../platform/ids';
import { frameworkSchema } from './framework.schemas';
import { forgetCurrentFramework } from './frameworks.read-model';

export type FrameworksService = ReturnType<typeof createFrameworksService>;

export function createFrameworksService({ db }: { db: Database }) {
  return {
    /**
     * Publishes a version, once and for good. Publishing the same content again changes nothing; other content under
     * the number of a published version is refused, because results name the version they rest on.
     */
    async publishVersion(
      document: Framework,
      actorId: string | null = null,
    ): Promise<{ kind: 'published' | 'unchanged'; id: string }> {
      const framework = frameworkSchema.parse(document);
      const { code, version } = framework;
      const result = await db.transaction(async () => {
        const [published] = await db.query<{ id: string }>(
          'frameworks.publish',
          `insert into framework_versions as v (id, code, version, status, document, published_at)
           values ($1, $2, $3, 'published', $4::jsonb, now())
           on conflict (code, version) do update
             set status = 'published', document = excluded.document, published_at = excluded.published_at
             where v.status = 'draft'
           returning id`,
          [uuidv7(), code, version, JSON.stringify(framework)],
        );
        if (published) {
          await recordAudit(db, {
            actorId,
            action: 'framework.published',
            objectType: 'framework_version',
            objectId: published.id,
            details: { code, version },
          });
          return { kind: 'published' as const, id: published.id };
        }
        const [existing] = await db.query<{ id: string; same: boolean }>(
          'frameworks.compare',
          `select id, document = $3::jsonb as same from framework_versions where code = $1 and version = $2`,
          [code, version, JSON.stringify(framework)],
        );
        if (!existing?.same) throw new ConflictError('frameworks.errors.versionTaken', { code, version });
        return { kind: 'unchanged' as const, id: existing.id };
      });
      forgetCurrentFramework(db);
      return result;
    },
  };
}
