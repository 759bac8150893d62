// What `malla medir --json` answers, validated.
import * as z from 'zod';

const measured = z.lazy(() =>
  z.object({
    route: z.string(),
    namespace: z.string(),
    sent: z.number(),
    unanswered: z.number(),
    destinations: z.array(z.object({ host: z.string(), subset: z.string(), requests: z.number() })),
    milliseconds: z.number(),
  }),
);

export type MeasuredSplit = z.infer<typeof measured>;

export function readMeasuredSplit(value: unknown): MeasuredSplit | undefined {
  return measured.safeParse(value).data;
}
