// What is wrong with a lab's text: collected, never thrown, so that an author sees all of it at once.

export interface Problem {
  /** Stable code: MALLA-LAB-NN. */
  code: string;
  file: string;
  /** From 1. */
  line: number;
  column: number;
  /** What is wrong, in Spanish. */
  message: string;
  /** What to do about it. */
  cure: string;
}

/** Collects the problems of one file. */
export interface Problems {
  readonly all: Problem[];
  add(code: string, line: number, message: string, cure: string, column?: number): void;
}

export function createProblems(file: string): Problems {
  const all: Problem[] = [];
  return {
    all,
    add: (code, line, message, cure, column = 1) => void all.push({ code, file, line, column, message, cure }),
  };
}
