// What the readers of a lab's parts share.
import type { Problems } from './problem.ts';

export interface Reader {
  /** Id of the lab, as far as its front matter could be read. */
  lab: string;
  /** Of the whole file. */
  lines: string[];
  problems: Problems;
  /** Content of a file of samples/, or undefined. */
  samples(name: string): string | undefined;
}
