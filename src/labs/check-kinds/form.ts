// How one kind of check is written in a lab: its keys (Spanish), and the pattern that the engine takes.
import type { z } from 'zod';

export interface CheckForm<T extends string = string, S extends z.ZodRawShape = z.ZodRawShape, P = unknown> {
  type: T;
  /** A sentence in Spanish: what it looks at. The page of the kind in docs/comprobaciones begins with it. */
  summary: string;
  /** The keys besides `id`, `tipo` and `titulo`. The description of each goes to the docs and to completion. */
  fields: S;
  toPattern(written: z.output<z.ZodObject<S>>): P;
  /** What no single field can say, in Spanish without a final period; undefined when all is well. */
  problem?(written: z.output<z.ZodObject<S>>): string | undefined;
  /** The keys of a whole check as a lab writes them, YAML; shown in the docs and read in a test. */
  example: string;
}

/** Only so that the types of the fields are inferred. */
export function defineForm<T extends string, S extends z.ZodRawShape, P>(form: CheckForm<T, S, P>): CheckForm<T, S, P> {
  return form;
}

export type PatternOf<F> = F extends CheckForm<string, infer _S, infer P> ? P : never;

/** Without the keys that nobody wrote: an absent key and one that is undefined are not the same to a reader. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
