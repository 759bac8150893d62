// The record of a class: what was decided over it and when marks were made, as lines that are only added. Each holds the
// digest of the one before it, so that none can be changed or taken out unseen; who has the file can still make another
// from the beginning, and so its last digest is printed with every report.
import * as z from 'zod';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const reason = z.string().trim().min(3).max(1000);

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('puntos'),
    student: z.string().min(1).max(100),
    points: z.number().min(-1000).max(1000),
    reason,
    by: z.string().max(100),
  }),
  z.strictObject({
    kind: z.literal('comprobacion'),
    student: z.string().min(1).max(100),
    lab: z.string().max(100),
    /** `step/check` or `step/question`. */
    check: z.string().max(200),
    /** It counts as right or not; absent: it does not count at all. */
    right: z.boolean().optional(),
    reason,
    by: z.string().max(100),
  }),
  z.strictObject({
    /** Takes back the decision of that number. */
    kind: z.literal('anulacion'),
    student: z.string().min(1).max(100),
    number: z.int().min(1),
    reason,
    by: z.string().max(100),
  }),
  z.strictObject({
    /** Marks were made: with what, and which. */
    kind: z.literal('notas'),
    malla: z.string().max(100),
    rubric: digest,
    /** Lab → version. */
    labs: z.record(z.string(), z.array(z.string())),
    /** Code → mark. */
    marks: z.record(z.string(), z.number()),
  }),
]);

export type Entry = z.output<typeof entrySchema>;
export interface RecordLine {
  number: number;
  previous: string;
  /** ISO 8601. */
  at: string;
  entry: Entry;
  digest: string;
}

const lineSchema: z.ZodType<RecordLine> = z.strictObject({
  number: z.int().min(1),
  previous: z.union([digest, z.literal('')]),
  at: z.iso.datetime(),
  entry: entrySchema,
  digest,
});

/** The next line of a record that ends in `last`. */
export function nextLine(last: RecordLine | undefined, entry: Entry, at: string): RecordLine {
  const linked = { number: (last?.number ?? 0) + 1, previous: last?.digest ?? '', at, entry: entrySchema.parse(entry) };
  return { ...linked, digest: sha256(canonicalJson(linked)) };
}

export interface ReadRecord {
  lines: RecordLine[];
  /** Number of the first line that is not as it was written; then `lines` are those before it. */
  broken?: number;
}

export function readRecord(text: string): ReadRecord {
  const lines: RecordLine[] = [];
  for (const [i, written] of text.split('\n').entries()) {
    if (written === '') continue;
    const line = parse(written);
    const last = lines.at(-1);
    const { digest: own, ...linked } = line ?? { digest: '' };
    const sound =
      line !== undefined &&
      line.number === (last?.number ?? 0) + 1 &&
      line.previous === (last?.digest ?? '') &&
      own === sha256(canonicalJson(linked));
    if (!sound) return { lines, broken: i + 1 };
    lines.push(line);
  }
  return { lines };
}

function parse(written: string): RecordLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(written)).data;
  } catch {
    return undefined;
  }
}
