// Questions come from a browser: their shape is checked before anything is done with them.
import * as z from 'zod';
import type { ViewCall, ViewName, ViewRequests } from './protocol.ts';

const text = z.string().max(4096);
const name = z.string().max(253);

const request = z.strictObject({
  client: text,
  host: text.min(1),
  port: z.int().min(1).max(65535),
  method: z.string().regex(/^[A-Z]{1,20}$/),
  path: text.regex(/^\//),
  headers: z.record(text.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), text),
});

const questions: { [Name in ViewName]: z.ZodType<ViewRequests[Name]['question']> } = {
  about: z.strictObject({}),
  explainChoices: z.strictObject({}),
  graph: z.strictObject({ namespace: name.optional() }),
  dashboard: z.strictObject({
    kind: z.enum(['malla', 'servicio', 'programa']),
    namespace: name.optional(),
    name: name.optional(),
    minutes: z.number().min(1).max(1440),
  }),
  traces: z.strictObject({
    service: name.optional(),
    minutes: z.number().min(1).max(1440),
    limit: z.int().min(1).max(200),
  }),
  trace: z.strictObject({ id: z.string().regex(/^[0-9a-f]{1,32}$/) }),
  explain: request,
  compare: request,
};

const call = z.strictObject({
  id: z.number(),
  view: z.enum(Object.keys(questions) as ViewName[]),
  question: z.unknown(),
});

/** Undefined when it is no question of the map. */
export function readViewCall(value: unknown): ViewCall | undefined {
  const known = call.safeParse(value);
  if (!known.success) return undefined;
  const question = questions[known.data.view].safeParse(known.data.question);
  return question.success ? { ...known.data, question: question.data } : undefined;
}
