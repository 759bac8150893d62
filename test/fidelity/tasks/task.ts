// A task of Istio's documentation, as commands and what its page says that they answer.

export interface Task {
  id: string;
  /** In Spanish. */
  title: string;
  /** Its path under istio.io/latest/docs/tasks/. */
  page: string;
  /** Variables that the page exports; in front of every step. */
  prelude?: string;
  steps: TaskStep[];
  /** Undoes it; its answers are not looked at. */
  cleanup: string[];
}

export interface TaskStep {
  /** A line for bash, in the folder of an unpacked Istio release; functions that the page defines come first. */
  run: string;
  /** Regular expressions that its output must match. */
  expect?: string[];
  /** Tried again until it answers as expected: the page says "wait", or shows the answer after a change. */
  within?: number;
}

export interface TaskResult {
  steps: number;
  /** What did not answer as the page says, one line each. */
  failed: string[];
}
