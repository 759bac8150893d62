import { expect, test } from 'vitest';
import { classOf, graded } from '../../grading/class/class.fixture.ts';
import { detailOf, viewOf } from '../../grading/class/class-view.ts';
import { classViewSchema, detailSchema, fromPanelSchema } from '../../webview/grading/protocol.ts';

const result = classOf();

test('what the program tells of a class is what the panel reads, with nothing lost', () => {
  const view = JSON.parse(JSON.stringify(viewOf(result)));
  expect(classViewSchema.parse(view)).toEqual(view);
});

test('and of each student', () => {
  for (const student of result.students) {
    const own = graded.find((g) => g.submission === student.submission);
    const detail = JSON.parse(JSON.stringify(detailOf(student, own, result, [])));
    expect(detailSchema.parse(detail)).toEqual(detail);
  }
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['an unknown message', { message: 'borrar' }],
  ['a message with more than it has', { message: 'grade', folder: '/' }],
  ['a decision without its reason', { message: 'decide', code: 'a', check: 'b', counts: 'si', reason: '  ' }],
  ['points that are no number', { message: 'points', code: 'a', points: Number.NaN, reason: 'porque' }],
  ['a code that is too long', { message: 'select', code: 'a'.repeat(501) }],
  ['a source that is none', { message: 'choose', source: 'results' }],
])('a forged message is refused: %s', (_what, value) => {
  expect(fromPanelSchema.safeParse(value).success).toBe(false);
});
