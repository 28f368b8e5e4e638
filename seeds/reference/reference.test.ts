import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { estimate } from '../../server/core/estimate';
import type { Framework, LocalizedText } from '../../server/core/framework';
import { frameworkSchema } from '../../server/features/frameworks/framework.schemas';
import type { GlossaryEntry } from '../../server/features/frameworks/glossary.schemas';
import { glossarySchema } from '../../server/features/frameworks/glossary.schemas';

const read = (file: string): unknown => parse(readFileSync(join(__dirname, file), 'utf8'));

/** Every localized text below a value, with the path that leads to it. */
function localizedTexts(value: unknown, path = ''): { path: string; text: LocalizedText }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('en' in value) return [{ path, text: value as LocalizedText }];
  return Object.entries(value).flatMap(([key, child]) => localizedTexts(child, `${path}/${key}`));
}

const withoutItalian = (value: unknown) =>
  localizedTexts(value)
    .filter(({ text }) => !text.it?.trim())
    .map(({ path }) => path);

const sameInItalian = (value: unknown) =>
  localizedTexts(value)
    .filter(({ text }) => text.en === text.it)
    .map(({ path, text }) => `${path}: ${text.en}`);

/** A copy of the file with one fault in it. */
function broken<T>(original: T, damage: (copy: T) => void): T {
  const copy = structuredClone(original);
  damage(copy);
  return copy;
}

const issuesOf = (result: { success: boolean; error?: { issues: { path: PropertyKey[] }[] } | undefined }) =>
  result.error?.issues.map(({ path }) => path.join('.')) ?? [];

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`There is no element ${index}.`);
  return value;
}

describe('the competence framework CM 1.0', () => {
  const framework: Framework = frameworkSchema.parse(read('framework-cm-1.0.yaml'));
  const competency = (code: string) =>
    at(
      framework.competencies.filter((entry) => entry.code === code),
      0,
    );
  const target = (role: string, code: string) =>
    at(
      framework.profiles.filter((profile) => profile.code === role),
      0,
    ).targets[code];

  it('is the file its name promises', () => {
    expect([framework.code, framework.version]).toEqual(['CM', '1.0']);
  });

  it('has 28 competencies in 7 areas, each filed under the area its code begins with', () => {
    const perArea = framework.areas.map(({ code }) => [
      code,
      framework.competencies.filter(({ area }) => area === code).length,
    ]);
    expect(perArea).toEqual([
      ['GOV', 4],
      ['STR', 4],
      ['FIN', 3],
      ['MEM', 5],
      ['STK', 3],
      ['INT', 4],
      ['FAC', 5],
    ]);
    for (const { code, area } of framework.competencies) expect(code).toMatch(new RegExp(`^${area}-0[1-5]$`));
  });

  it('says everything in English and Italian', () => {
    expect(localizedTexts(framework).length).toBeGreaterThan(28 * 7);
    expect(withoutItalian(framework)).toEqual([]);
  });

  it('is translated: only the words Italian has borrowed are the same', () => {
    expect(sameInItalian(framework)).toEqual([
      '/levels/1/evidence: Quiz',
      '/profiles/0/name: Cluster manager',
    ]);
  });

  it('never describes two competencies or two levels with the same words', () => {
    for (const language of ['en', 'it'] as const) {
      const sentences = framework.competencies
        .flatMap(({ definition, descriptors }) => [definition, ...descriptors])
        .map((text) => text[language]);
      expect(sentences).toHaveLength(28 * 6);
      expect(sentences.filter((sentence, i) => sentences.indexOf(sentence) !== i)).toEqual([]);
      expect(sentences.filter((sentence) => !sentence?.endsWith('.'))).toEqual([]);
    }
  });

  it('has six tasks, each served by a competency, and self-management serving all', () => {
    expect(framework.tasks.map(({ code }) => code)).toEqual(['T1', 'T2', 'T3', 'T4', 'T5', 'T6']);
    const served = new Set(
      framework.competencies.filter(({ code }) => code !== 'FAC-05').flatMap(({ tasks }) => tasks),
    );
    expect(served.size).toBe(6);
    expect(competency('FAC-05').tasks).toHaveLength(6);
    expect(competency('FAC-01').tasks).toEqual(['T1', 'T2', 'T5', 'T6']);
    expect(competency('INT-02').tasks).toEqual(['T4', 'T5']);
  });

  it.each([
    ['CM', 'GOV-02', 4, 3],
    ['CM', 'STR-02', 4, 3],
    ['CM', 'INT-01', 2, 1],
    ['CM', 'FAC-05', 4, 2],
    ['PO', 'FIN-03', 4, 3],
    ['PO', 'GOV-01', 1, 1],
    ['PO', 'FAC-01', 3, 3],
    ['IO', 'MEM-03', 4, 3],
    ['IO', 'STR-04', 3, 1],
    ['IO', 'INT-04', 4, 3],
    ['CB', 'GOV-04', 3, 3],
    ['CB', 'FIN-01', 2, 3],
    ['CB', 'MEM-01', 1, 2],
  ])('asks of %s in %s level %i with weight %i', (role, code, level, weight) => {
    expect(target(role, code)).toEqual({ level, weight });
  });

  it('sets a target for every competency except the five that a board does not need', () => {
    const codes = framework.competencies.map(({ code }) => code);
    const missing = framework.profiles.map(({ code: role }) => [
      role,
      codes.filter((code) => !target(role, code)),
    ]);
    expect(missing).toEqual([
      ['CM', []],
      ['PO', []],
      ['IO', []],
      ['CB', ['FIN-03', 'MEM-03', 'MEM-05', 'INT-01', 'INT-04']],
    ]);
  });

  it('adds up to the levels and weights of the proposal, role by role', () => {
    const sums = framework.profiles.map(({ code, targets }) => [
      code,
      Object.values(targets).reduce((sum, { level }) => sum + level, 0),
      Object.values(targets).reduce((sum, { weight }) => sum + weight, 0),
    ]);
    expect(sums).toEqual([
      ['CM', 98, 61],
      ['PO', 72, 50],
      ['IO', 81, 56],
      ['CB', 43, 45],
    ]);
  });

  it('raises requirements by cluster type, and by stage in weight only', () => {
    const { types, stages } = framework.overlays;
    expect(types.RND.adjustments['MEM-05']).toEqual({ level: 1, weight: 2 });
    expect(types.IND.adjustments['GOV-01']).toEqual({ level: 1, weight: 0 });
    expect(Object.keys(types.SRV.adjustments)).toEqual(['MEM-02', 'MEM-04', 'STK-03', 'FIN-02', 'MEM-03']);
    expect(Object.keys(stages)).toEqual(['emerging', 'mature']);
    for (const stage of Object.values(stages)) {
      expect(Object.values(stage.adjustments)).toEqual(
        Array.from({ length: 4 }, () => ({ level: 0, weight: 1 })),
      );
    }
    for (const overlay of [...Object.values(types), ...Object.values(stages)]) {
      expect(overlay.roles).toEqual(['CM', 'PO']);
    }
  });

  it('lets no evidence prove more than the scale accepts, and claims prove nothing', () => {
    const { sources } = framework.model;
    const caps = Object.entries(sources).map(([source, { cap, verified }]) => [source, cap, verified]);
    expect(caps).toEqual([
      ['self', 5, false],
      ['group360', 4, false],
      ['diagnostic', 2, true],
      ['quiz', 2, true],
      ['graded-exercise', 3, true],
      ['workplace', 4, true],
      ['panel', 5, true],
      ['prior-learning', 4, true],
    ]);
    const noisiest = Object.entries(sources).toSorted(([, a], [, b]) => b.noise - a.noise);
    expect(at(noisiest, 0)[0]).toBe('self');
    expect(framework.model.prior.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it.each([0, 1, 2, 3, 4, 5])('takes a lone fresh self-rating of %i at its word', (level) => {
    const rating = { id: 'rating', source: 'self', level, items: 1, observedAt: 0 } as const;
    expect(estimate([rating], 0, framework.model)?.ordinal).toBe(level);
  });

  it('keeps a claim of level 4 standing when a quiz at level 1 is passed, and credits only the quiz', () => {
    const claim = { id: 'claim', source: 'self', level: 4, items: 1, observedAt: 0 } as const;
    const quiz = { id: 'quiz', source: 'quiz', level: 1, cap: 1, items: 5, observedAt: 0 } as const;
    expect(estimate([claim, quiz], 0, framework.model)).toMatchObject({
      ordinal: 4,
      verifiedLevel: 1,
      claimOnly: true,
    });
  });

  it.each<[string, (copy: Framework) => void, string]>([
    [
      'a blank translation',
      (f) => {
        at(f.areas, 0).name.it = ' ';
      },
      'areas.0.name.it',
    ],
    [
      'a missing descriptor',
      (f) => {
        at(f.competencies, 0).descriptors.pop();
      },
      'competencies.0.descriptors',
    ],
    [
      'an unknown area',
      (f) => {
        at(f.competencies, 3).area = 'XYZ';
      },
      'competencies.3.area',
    ],
    [
      'an unknown task',
      (f) => {
        at(f.competencies, 1).tasks = ['T1', 'T7'];
      },
      'competencies.1.tasks.1',
    ],
    [
      'a code used twice',
      (f) => {
        at(f.competencies, 1).code = 'GOV-01';
      },
      'competencies.1.code',
    ],
    [
      'a target for no competency',
      (f) => {
        at(f.profiles, 0).targets['GOV-09'] = { level: 3, weight: 1 };
      },
      'profiles.0.targets.GOV-09',
    ],
    [
      'a level beyond the scale',
      (f) => {
        Object.assign(at(f.profiles, 0).targets, { 'GOV-01': { level: 6, weight: 1 } });
      },
      'profiles.0.targets.GOV-01.level',
    ],
    [
      'a weight of zero',
      (f) => {
        Object.assign(at(f.profiles, 0).targets, { 'GOV-01': { level: 3, weight: 0 } });
      },
      'profiles.0.targets.GOV-01.weight',
    ],
    [
      'an adjustment of no competency',
      (f) => {
        f.overlays.types.IND.adjustments['ABC-01'] = { level: 1, weight: 1 };
      },
      'overlays.types.IND.adjustments.ABC-01',
    ],
    [
      'a prior that is no distribution',
      (f) => {
        f.model.prior = [0.1, 0.2, 0.3, 0.25, 0.13, 0.05];
      },
      'model.prior',
    ],
    [
      'a source left out',
      (f) => {
        Reflect.deleteProperty(f.model.sources, 'panel');
      },
      'model.sources.panel',
    ],
    [
      'levels out of order',
      (f) => {
        f.levels.reverse();
      },
      'levels',
    ],
    [
      'an address outside ESCO',
      (f) => {
        at(f.competencies, 0).escoUris = ['https://example.org/skill/1'];
      },
      'competencies.0.escoUris.0',
    ],
  ])('would be refused with %s', (_fault, damage, path) => {
    expect(issuesOf(frameworkSchema.safeParse(broken(framework, damage)))).toContain(path);
  });
});

describe('the glossary', () => {
  const glossary: GlossaryEntry[] = glossarySchema.parse(read('glossary.yaml'));
  const entry = (id: string) =>
    at(
      glossary.filter((candidate) => candidate.id === id),
      0,
    );

  it('has the 66 terms of the field and 20 of the courses', () => {
    expect(glossary).toHaveLength(86);
    expect(glossary.filter(({ term }) => Object.keys(term).length > 2)).toHaveLength(65);
  });

  it('names and defines everything in English and Italian, in sentences', () => {
    expect(withoutItalian(glossary)).toEqual([]);
    expect(sameInItalian(glossary.map(({ definition }) => definition))).toEqual([]);
    for (const { definition } of glossary) {
      for (const sentence of [definition.en, definition.it]) {
        expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
        expect(sentence?.length).toBeLessThan(260);
      }
    }
  });

  it('has the terms of all eight languages, and leaves out the ones nobody is sure of', () => {
    expect(entry('lead-partner').term).toEqual({
      en: 'lead partner',
      it: 'capofila',
      de: 'Lead-Partner',
      pl: 'partner wiodący',
      cs: 'vedoucí partner',
      sk: 'vedúci partner',
      sl: 'vodilni partner',
      hu: 'vezető partner',
    });
    expect(Object.keys(entry('ownership-model').term)).toEqual(['en', 'it']);
    expect(entry('cluster-organisation').term.sl).toBeUndefined();
    expect(entry('go-no-go').term.en).toBe('go/no-go');
  });

  it.each<[string, (copy: GlossaryEntry[]) => void, string]>([
    [
      'an id used twice',
      (g) => {
        at(g, 1).id = at(g, 0).id;
      },
      '1.id',
    ],
    [
      'an id that is no slug',
      (g) => {
        at(g, 0).id = 'Cluster Manager';
      },
      '0.id',
    ],
    [
      'two entries sharing a term',
      (g) => {
        at(g, 1).term.it = 'Cluster';
      },
      '1.term.it',
    ],
    [
      'a blank definition',
      (g) => {
        at(g, 5).definition.en = '';
      },
      '5.definition.en',
    ],
    [
      'a language the platform does not have',
      (g) => {
        Object.assign(at(g, 2).term, { fr: 'grappe' });
      },
      '2.term',
    ],
  ])('would be refused with %s', (_fault, damage, path) => {
    expect(issuesOf(glossarySchema.safeParse(broken(glossary, damage)))).toContain(path);
  });
});
