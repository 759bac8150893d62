// What has been graded of a folder, on disk: a result for each hand-in and a journal of which are done. A result is whole or
// not there, whenever the process is killed.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';
import { digestSchema } from '../handin/hand-in.ts';
import { type Graded, gradedSchema } from './graded.ts';

/** What all results of a folder have in common. */
export const headerSchema = z.strictObject({
  format: z.literal('malla-correccion/1'),
  malla: z.string(),
  /** Of the program that replays. */
  program: z.string(),
  /** Of the course's text. */
  course: digestSchema,
  /** Id of the course's key; empty without one. */
  key: z.string(),
  /** Milliseconds since 1970: when the first of them was graded. */
  now: z.number(),
});
const lineSchema = z.strictObject({ submission: z.string(), file: z.string(), result: digestSchema });

export type Header = z.output<typeof headerSchema>;

export interface Results {
  header: Header;
  /** Undefined when that file, as it is now, has no whole result. */
  find(submission: string, file: string): Promise<Graded | undefined>;
  /** On disk when it resolves. */
  keep(submission: string, file: string, graded: Graded): Promise<void>;
}

/** The results are of another grading: other labs, another Malla. */
export class OtherResultsError extends Error {}

/** Goes on with what the folder has. Rejects with OtherResultsError. */
export async function openResults(folder: string, header: Omit<Header, 'now'>, now: number): Promise<Results> {
  await mkdir(join(folder, 'repeticion'), { recursive: true });
  await removeHalves(folder);
  const journal = join(folder, 'diario.jsonl');
  const { known, lines, whole } = readJournal(journal);
  if (known && canonicalJson({ ...known, now: 0 }) !== canonicalJson({ ...header, now: 0 }))
    throw new OtherResultsError();
  if (existsSync(journal) && whole !== undefined) await truncate(journal, whole);
  const own = known ?? { ...header, now };
  const done = new Map(lines.map((line) => [line.submission, line]));
  let writing = Promise.resolve();
  const append = (value: unknown): Promise<void> => {
    writing = writing.then(() => appendLine(journal, canonicalJson(value)));
    return writing;
  };
  if (!known) await append(own);
  return {
    header: own,
    async find(submission, file) {
      const line = done.get(submission);
      if (!line || line.file !== file) return undefined;
      const text = await readFile(resultFile(folder, submission), 'utf8').catch(() => '');
      return sha256(text) === line.result ? gradedSchema.parse(JSON.parse(text)) : undefined;
    },
    async keep(submission, file, graded) {
      const text = `${canonicalJson(graded)}\n`;
      await writeWhole(resultFile(folder, submission), text);
      const line = { submission, file, result: sha256(text) };
      done.set(submission, line);
      await append(line);
    },
  };
}

/** A whole result, with the digests that the journal has of the hand-in's file and of the result's. */
export interface KeptResult {
  submission: string;
  file: string;
  sha256: string;
  graded: Graded;
}

/** Every whole result of a folder that was graded, by name of its hand-in; no header when nothing was. */
export async function readKept(folder: string): Promise<{ header?: Header; results: KeptResult[] }> {
  const { known, lines } = readJournal(join(folder, 'diario.jsonl'));
  if (!known) return { results: [] };
  const last = new Map(lines.map((line) => [line.submission, line]));
  const results: KeptResult[] = [];
  for (const { submission, file, result } of last.values()) {
    const text = await readFile(resultFile(folder, submission), 'utf8').catch(() => '');
    if (sha256(text) !== result) continue;
    results.push({ submission, file, sha256: result, graded: gradedSchema.parse(JSON.parse(text)) });
  }
  return { header: known, results: results.toSorted((a, b) => (a.submission < b.submission ? -1 : 1)) };
}

export async function readResults(folder: string): Promise<Graded[]> {
  return (await readKept(folder)).results.map(({ graded }) => graded);
}

/** Written aside, on disk, and then renamed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, text, { flush: true });
  await rename(aside, path);
}

/** What whoever was killed had written aside and not renamed yet. */
async function removeHalves(folder: string): Promise<void> {
  for (const place of [folder, join(folder, 'repeticion')])
    for (const name of await readdir(place))
      if (/^(?:entregas\.csv|[0-9a-f]{24}\.json)\.\d+$/.test(name)) await rm(join(place, name), { force: true });
}

async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.write(`${line}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Names of hand-ins are strangers' words: no file is called by one. */
function resultFile(folder: string, submission: string): string {
  return join(folder, 'repeticion', `${sha256(submission).slice(0, 24)}.json`);
}

/** Up to the first line that is not whole. `whole`: bytes until there, when the file is longer. */
function readJournal(path: string): { known?: Header; lines: z.output<typeof lineSchema>[]; whole?: number } {
  if (!existsSync(path)) return { lines: [] };
  const text = readFileSync(path, 'utf8');
  const parts = text.split('\n');
  const header = parse(headerSchema, parts[0] ?? '');
  if (!header) return { lines: [], whole: 0 };
  const lines: z.output<typeof lineSchema>[] = [];
  let whole = Buffer.byteLength(`${parts[0]}\n`);
  for (const part of parts.slice(1, -1)) {
    const line = parse(lineSchema, part);
    if (!line) break;
    lines.push(line);
    whole += Buffer.byteLength(`${part}\n`);
  }
  return { known: header, lines, ...(whole === Buffer.byteLength(text) ? {} : { whole }) };
}

function parse<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
