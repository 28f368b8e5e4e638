import fc from 'fast-check';
import { MODULE_MODES } from './curriculum';
import { courseComplete, type ModuleFacts, moduleProgress } from './progress';

const facts = fc
  .record({
    modes: fc.uniqueArray(fc.constantFrom(...MODULE_MODES), { minLength: 1, maxLength: 2 }),
    open: fc.boolean(),
    prerequisitesMet: fc.boolean(),
    lessons: fc.integer({ min: 1, max: 6 }),
    done: fc.double({ min: 0, max: 1, noNaN: true }),
    hasQuiz: fc.boolean(),
    quizPassed: fc.boolean(),
    record: fc.constantFrom(null, 'achieved' as const, 'attended' as const, 'absent' as const),
  })
  .map(({ done, ...rest }): ModuleFacts => {
    const lessonsDone = Math.round(done * rest.lessons);
    return { ...rest, lessonsDone, lessonsSeen: lessonsDone };
  });

const online: ModuleFacts = {
  modes: ['O'],
  open: true,
  prerequisitesMet: true,
  lessons: 4,
  lessonsDone: 0,
  lessonsSeen: 0,
  hasQuiz: true,
  quizPassed: false,
  record: null,
};
const live: ModuleFacts = { ...online, modes: ['L'], hasQuiz: false, lessons: 1 };

describe('moduleProgress', () => {
  it.each<[string, Partial<ModuleFacts>, object]>([
    ['not begun', {}, { status: 'todo', missing: ['lessons', 'quiz'] }],
    ['one lesson opened', { lessonsSeen: 1 }, { status: 'progress', missing: ['lessons', 'quiz'] }],
    ['read, quiz open', { lessonsDone: 4, lessonsSeen: 4 }, { status: 'progress', missing: ['quiz'] }],
    ['all done', { lessonsDone: 4, lessonsSeen: 4, quizPassed: true }, { status: 'done', missing: [] }],
    ['prerequisite missing', { prerequisitesMet: false }, { status: 'locked', missing: ['lessons', 'quiz'] }],
    ['no lessons written', { open: false }, { status: 'soon', missing: [] }],
  ])('online, %s', (_name, change, expected) => {
    expect(moduleProgress({ ...online, ...change })).toEqual(expected);
  });

  it.each<[string, Partial<ModuleFacts>, object]>([
    ['pre-work read: waits for the trainer', { lessonsDone: 1 }, { status: 'awaiting', missing: ['record'] }],
    [
      'attended without achieving is not done',
      { lessonsDone: 1, record: 'attended' },
      { status: 'awaiting', missing: ['record'] },
    ],
    ['achieved', { lessonsDone: 1, record: 'achieved' }, { status: 'done', missing: [] }],
    ['achieved but pre-work unread', { record: 'achieved' }, { status: 'progress', missing: ['lessons'] }],
  ])('live, %s', (_name, change, expected) => {
    expect(moduleProgress({ ...live, ...change })).toEqual(expected);
  });

  it('is done exactly when nothing is missing, and never without what it needs', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { status, missing } = moduleProgress(given);
        expect(status === 'done').toBe(given.open && missing.length === 0);
        const quizOk = !given.hasQuiz || given.quizPassed;
        const recordOk = given.modes.every((mode) => mode === 'O') || given.record === 'achieved';
        expect(status !== 'done' || (quizOk && recordOk)).toBe(true);
      }),
    );
  });
});

describe('courseComplete', () => {
  it('needs every module, also those that open soon', () => {
    const done = { status: 'done', missing: [] } as const;
    expect(courseComplete([])).toBe(false);
    expect(courseComplete([{ ...done, missing: [] }])).toBe(true);
    expect(
      courseComplete([
        { ...done, missing: [] },
        { status: 'soon', missing: [] },
      ]),
    ).toBe(false);
  });
});
