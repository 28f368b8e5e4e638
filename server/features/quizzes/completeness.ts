import type { Answer, Item, Question, QuestionAnswer } from '../../core/quiz/item';

export type Completeness = 'none' | 'partly' | 'complete';

/** How much of an item is answered; says nothing about whether it is right. */
export function completeness(item: Item, answer: Answer | null): Completeness {
  if (!answer) return 'none';
  if (item.type !== 'scenario') {
    return answer.type !== 'scenario' && isComplete(item, answer) ? 'complete' : 'partly';
  }
  const stages = answer.type === 'scenario' ? answer.stages : {};
  const all = item.stages.every((stage) => {
    const given = stages[stage.id];
    return given !== undefined && isComplete(stage, given);
  });
  return all ? 'complete' : 'partly';
}

function isComplete(question: Question, answer: QuestionAnswer): boolean {
  switch (question.type) {
    case 'matching':
      return (
        answer.type === 'matching' && question.prompts.every(({ id }) => Object.hasOwn(answer.pairs, id))
      );
    case 'ordering':
      return (
        answer.type === 'ordering' && question.elements.every(({ id }) => Object.hasOwn(answer.places, id))
      );
    case 'cloze':
      return answer.type === 'cloze' && question.gaps.every(({ id }) => Object.hasOwn(answer.gaps, id));
    default:
      return true;
  }
}
