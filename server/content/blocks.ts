import type { ContentLanguage } from '../core/framework';

/** The blocks a lesson is built from, `::: name` in its file; each becomes a callout. */
export const BLOCKS = [
  'situation',
  'idea',
  'example',
  'decision',
  'pitfall',
  'exercise',
  'summary',
  'facilitator',
] as const;
export type Block = (typeof BLOCKS)[number];

type Words = Readonly<Record<Block | 'table', string>>;

const ENGLISH: Words = {
  situation: 'Situation',
  idea: 'Key idea',
  example: 'Worked example',
  decision: 'Decision',
  pitfall: 'Pitfall',
  exercise: 'Exercise',
  summary: 'Summary',
  facilitator: 'For the facilitator',
  table: 'Table',
};

const ITALIAN: Words = {
  situation: 'Situazione',
  idea: 'Concetto',
  example: 'Esempio svolto',
  decision: 'Decisione',
  pitfall: 'Errore da evitare',
  exercise: 'Esercizio',
  summary: 'In sintesi',
  facilitator: 'Per chi facilita',
  table: 'Tabella',
};

/** Words that the renderer adds to a lesson, in the lesson's own language. English where nobody has translated them yet. */
export function blockWords(language: ContentLanguage): Words {
  return language === 'it' ? ITALIAN : ENGLISH;
}

/** `15 First visit` after `exercise`: minutes and heading, both optional. */
export function exerciseHeading(text: string): { minutes: number; title: string } {
  const match = /^(\d{1,3})(?:\s+|$)(.*)$/.exec(text);
  return match ? { minutes: Number(match[1]), title: match[2] ?? '' } : { minutes: 0, title: text };
}
