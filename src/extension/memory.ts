// What the extension remembers of a workspace, behind names and types.
import type { Memento } from 'vscode';

export interface Memory {
  /** The page on which the student left a lab; '' is its introduction, undefined that it was never opened here. */
  pageOf(lab: string): string | undefined;
  rememberPage(lab: string, page: string): PromiseLike<void>;
  /** What was last remembered under a name, as it is: whoever asks validates it. */
  recall(name: string): unknown;
  remember(name: string, value: unknown): PromiseLike<void>;
}

export function createMemory(memento: Memento): Memory {
  return {
    pageOf(lab) {
      const page: unknown = memento.get(`page/${lab}`);
      return typeof page === 'string' ? page : undefined;
    },
    rememberPage: (lab, page) => memento.update(`page/${lab}`, page),
    recall: (name) => memento.get(name),
    remember: (name, value) => memento.update(name, value),
  };
}
