// What the process that grades and those that replay say to each other: one JSON value a line.
import * as z from 'zod';
import { gradedSchema } from './graded.ts';

/** The argument that a worker starts with. */
export const setUpSchema = z.strictObject({
  /** Folders. */
  labs: z.string(),
  samples: z.string(),
  states: z.string(),
  scratch: z.string(),
  malla: z.string(),
  /** Tells the states that this Malla made from those of another. */
  program: z.string(),
  key: z.strictObject({ course: z.string(), publicKey: z.string() }).optional(),
  now: z.number(),
  remember: z.boolean(),
});

export const jobSchema = z.discriminatedUnion('do', [
  /** Makes the state that the lab starts from. */
  z.strictObject({ do: z.literal('prepare'), lab: z.string() }),
  /** `anyway`: states that are missing are made now; else the answer says which they are. */
  z.strictObject({ do: z.literal('replay'), path: z.string(), name: z.string(), anyway: z.boolean() }),
]);

export const answerSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('ready') }),
  z.strictObject({ is: z.literal('prepared'), lab: z.string(), failure: z.string().optional() }),
  /** Labs whose starting state is not there yet. */
  z.strictObject({ is: z.literal('needs'), labs: z.array(z.string()) }),
  z.strictObject({ is: z.literal('replayed'), graded: gradedSchema }),
]);

export type SetUp = z.output<typeof setUpSchema>;
export type Job = z.output<typeof jobSchema>;
export type Answer = z.output<typeof answerSchema>;
