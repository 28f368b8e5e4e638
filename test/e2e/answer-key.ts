import type { Item, Question } from '../../server/core/quiz/item';
import type { Database } from '../../server/platform/db/database';
import type { Locale } from '../../server/platform/i18n/i18n';

/** The questions of a person's open attempt in their order, with their keys, as the server keeps them. */
export async function openAttempt(db: Database, userId: string): Promise<Item[]> {
  const rows = await db.query<{ document: Item }>(
    'test.openAttempt',
    `select v.document from quiz_attempts a
     cross join lateral jsonb_array_elements(a.slots) with ordinality as slot (value, number)
     join item_versions v on v.id = (slot.value ->> 'itemVersionId')::uuid
     where a.user_id = $1 and a.submitted_at is null order by slot.number`,
    [userId],
  );
  return rows.map(({ document }) => document);
}

/** What the right choices of a question read, as plain text. */
export function rightChoices(
  question: Question,
  locale: Locale,
  t: (key: string) => string,
): { texts: string[]; several: boolean } {
  switch (question.type) {
    case 'truefalse':
      return { texts: [t(question.answer ? 'quizzes.true' : 'quizzes.false')], several: false };
    case 'single':
    case 'multiple': {
      const right = question.options.filter(({ correct }) => correct);
      return { texts: right.map(({ text }) => plain(text[locale] ?? text.en)), several: right.length > 1 };
    }
    default:
      throw new Error(
        `The story does not know how to answer ${question.id}, a question of type ${question.type}`,
      );
  }
}

/** Markdown or rendered text without its marks and with single spaces, so that the two can be compared. */
export function plain(text: string): string {
  return text
    .replaceAll(/[*_`]/g, '')
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
}
