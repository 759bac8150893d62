// The journal of a student's work, in Malla's home: what was verified, how it came out and what there was at that moment.
// It only grows. A hand-in is made from it.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';
import { beginningOf, chainRecord, type UnchainedRecord } from '../handin/chain.ts';
import { type JournalRecord, journalRecordSchema } from '../handin/hand-in.ts';

export interface Journal {
  id: string;
  records: JournalRecord[];
}

/** Enough for years of one student; later records are not kept. */
const mostRecords = 5_000;

/** Empty when nothing was ever recorded. A line that cannot be read ends it: what follows hangs from nothing. */
export async function readJournal(home: string): Promise<Journal> {
  const id = (await readText(idFile(home))).trim();
  const records: JournalRecord[] = [];
  for (const line of (await readText(recordsFile(home))).split('\n')) {
    if (line === '') continue;
    const record = parseRecord(line);
    if (!record) break;
    records.push(record);
  }
  return { id, records };
}

/** The text that a record names by its digest; undefined when it is not there. */
export async function readKept(home: string, digest: string): Promise<string | undefined> {
  try {
    return await readFile(join(textsFolder(home), digest), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Adds a record, on disk when it resolves. One that says what the last of its step says is not added: resolves to false.
 * Several processes may do it at once. Rejects with the system's error when the disk does not take it.
 */
export async function addRecord(home: string, record: UnchainedRecord, texts: readonly string[]): Promise<boolean> {
  await mkdir(textsFolder(home), { recursive: true, mode: 0o700 });
  return alone(join(journalFolder(home), 'turno'), async () => {
    const { id, records } = await readJournal(home);
    if (records.length >= mostRecords) return false;
    const last = records.findLast((r) => r.lab === record.lab && r.step === record.step && r.event === record.event);
    if (last && saysTheSame(last, record)) return false;
    const journal = id === '' ? await begin(home) : id;
    const before = records.at(-1) ?? { number: 0, digest: beginningOf(journal) };
    for (const text of texts) await keepText(home, text);
    await append(recordsFile(home), records, `${canonicalJson(chainRecord(record, before))}\n`);
    return true;
  });
}

function saysTheSame(before: JournalRecord, now: UnchainedRecord): boolean {
  const seen = ({ labVersion, verdicts, answers, files, objects, pods }: UnchainedRecord): string =>
    canonicalJson({
      labVersion,
      verdicts: verdicts.map(({ check, state, cause }) => [check, state, cause?.code ?? '']),
      answers,
      files,
      objects,
      pods,
    });
  return seen(before) === seen(now);
}

/** After what could be read: half a line of a process that was killed is cut off. */
async function append(path: string, records: readonly JournalRecord[], line: string): Promise<void> {
  const whole = records.reduce((bytes, record) => bytes + Buffer.byteLength(canonicalJson(record)) + 1, 0);
  if (existsSync(path) && (await stat(path)).size !== whole) await truncate(path, whole);
  const file = await open(path, 'a', 0o600);
  try {
    await file.write(line);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function begin(home: string): Promise<string> {
  const id = randomUUID();
  await writeAside(idFile(home), `${id}\n`);
  return id;
}

async function keepText(home: string, text: string): Promise<void> {
  const path = join(textsFolder(home), sha256(text));
  if (!existsSync(path)) await writeAside(path, text);
}

/** Written aside and renamed: an interrupted write never leaves half a file. */
async function writeAside(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, text, { mode: 0o600 });
  await rename(aside, path);
}

/** How long a turn may last before whoever had it is held to be dead. */
const longestTurn = 20_000;

async function alone<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = await stat(path).then(
        (s) => s.mtimeMs,
        () => Date.now(),
      );
      if (Date.now() - since > longestTurn) await rm(path, { force: true });
      else await wait(20);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

function parseRecord(line: string): JournalRecord | undefined {
  try {
    const parsed = journalRecordSchema.safeParse(JSON.parse(line));
    return parsed.success && canonicalJson(parsed.data) === line ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function journalFolder(home: string): string {
  return join(home, 'diario');
}

function recordsFile(home: string): string {
  return join(journalFolder(home), 'registro.jsonl');
}

function idFile(home: string): string {
  return join(journalFolder(home), 'id.txt');
}

function textsFolder(home: string): string {
  return join(journalFolder(home), 'textos');
}
