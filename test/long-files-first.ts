// Vitest starts with the largest file when it has no times of an earlier run, and the longest here are short texts: one of
// them, begun last, would leave the other workers idle for minutes. The halves of the course are not begun together.
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const longest = [
  'documentation-tasks.test.ts',
  'course-1.test.ts',
  'course-2.test.ts',
  'fidelity.test.ts',
  'mutants.test.ts',
  'observing.test.ts',
];

export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const known = longest.indexOf(basename(moduleId));
      return known < 0 ? longest.length : known;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
