// The chain of a journal: each record holds the digest of the one before it, so that none can be changed, dropped, added or
// moved without changing all that follow. It proves order and wholeness, not truth: who makes a journal can make another.
import { canonicalJson, sha256 } from './canonical-json.ts';
import type { JournalRecord } from './hand-in.ts';

export type UnchainedRecord = Omit<JournalRecord, 'number' | 'previous' | 'digest'>;

/** The digest that the first record of a journal names as the one before it. */
export function beginningOf(journal: string): string {
  return sha256(`malla-diario ${journal}`);
}

export function chainRecord(record: UnchainedRecord, after: { number: number; digest: string }): JournalRecord {
  const linked = { ...record, number: after.number + 1, previous: after.digest };
  return { ...linked, digest: digestOf(linked) };
}

/** What a record saw, whatever its place: the same in two journals only when one was copied. */
export function evidenceDigest(record: JournalRecord): string {
  const { number: _number, previous: _previous, digest: _digest, ...seen } = record;
  return sha256(canonicalJson(seen));
}

/** Index of the first record that is not what its place in the chain says; undefined when all are. */
export function firstBroken(journal: string, records: readonly JournalRecord[]): number | undefined {
  let previous = beginningOf(journal);
  for (const [i, record] of records.entries()) {
    const { digest, ...linked } = record;
    if (record.number !== i + 1 || record.previous !== previous || digest !== digestOf(linked)) return i;
    previous = digest;
  }
  return undefined;
}

function digestOf(linked: Omit<JournalRecord, 'digest'>): string {
  return sha256(canonicalJson(linked));
}
