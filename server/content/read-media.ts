import { createHash } from 'node:crypto';
import type { Files, LoadedMedia, Reporter } from './content';
import type { MediaFile } from './markdown';
import { inspectMedia, type MediaFacts } from './media';

/** Letters of the content hash that an address of a picture or download carries. */
const MEDIA_VERSION = 12;

export type Media = {
  files: LoadedMedia[];
  find(path: string): MediaFile | null;
  reportUnused(): void;
};

/** The pictures and downloads of a module. */
export function readMedia(
  moduleFolder: string,
  files: Files,
  given: { slug: string; used: Set<string>; reporter: Reporter },
): Media {
  const found: (LoadedMedia & { facts: MediaFacts })[] = [];
  for (const [path, body] of files) {
    const [folder, kind, name, ...deeper] = path.split('/');
    if (folder !== moduleFolder || (kind !== 'figures' && kind !== 'files') || !name || deeper.length > 0)
      continue;
    given.used.add(path);
    const report = given.reporter(path);
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
      report(
        'error',
        1,
        `The file name "${name}" cannot be an address.`,
        'Use lower-case letters, digits, hyphens and points.',
      );
      continue;
    }
    const inspected = inspectMedia(name, kind, body);
    if (!inspected.ok) {
      report(
        'error',
        1,
        `${inspected.problem}.`,
        'Save it again in an accepted format, without scripts and outside references.',
      );
      continue;
    }
    const hash = createHash('sha256').update(body).digest('hex');
    found.push({ path, hash, mime: inspected.facts.mime, body, facts: inspected.facts });
  }
  const named = new Set<string>();
  return {
    files: found.map(({ path, hash, mime, body }) => ({ path, hash, mime, body })),
    find(path) {
      const file = found.find((candidate) => candidate.path === `${moduleFolder}/${path}`);
      if (!file) return null;
      named.add(file.path);
      const { width, height } = file.facts;
      return {
        href: `/courses/${given.slug}/media/${file.path}?v=${file.hash.slice(0, MEDIA_VERSION)}`,
        width,
        height,
      };
    },
    reportUnused() {
      for (const { path } of found) {
        if (!named.has(path))
          given.reporter(path)(
            'warning',
            1,
            'No lesson shows or offers this file.',
            'Refer to it, or remove it.',
          );
      }
    },
  };
}
