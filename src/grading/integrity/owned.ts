// A graded hand-in and whose it is.
import type { Graded } from '../replay/graded.ts';

export interface Owned {
  code: string;
  graded: Graded;
}
