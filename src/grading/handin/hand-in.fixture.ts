// Hand-ins for tests, made as `malla entregar` makes them and then spoilt as each test wants.
import type { Lab } from '../../labs/lab.ts';
import { labVersion } from '../lab-version.ts';
import { sha256 } from './canonical-json.ts';
import { beginningOf, chainRecord, type UnchainedRecord } from './chain.ts';
import type { JournalRecord } from './hand-in.ts';
import { createCourseKey, createStudentKey } from './keys.ts';
import { makeHandIn } from './make-hand-in.ts';
import { readZip } from './zip-reader.ts';
import { writeZip, type ZipEntry } from './zip-writer.ts';

export const courseKey = createCourseKey('Redes 2026');
export const anasKey = createStudentKey(courseKey, 'ana');
/** After every time that the fixtures say. */
export const now = Date.parse('2026-12-01T00:00:00Z');

export const lab: Lab = {
  id: 'canary',
  title: 'Canary',
  chapter: false,
  minutes: 20,
  clusters: ['embebido'],
  requires: [],
  objectives: ['repartir'],
  traffic: [],
  introduction: '',
  questions: [],
  steps: [],
  cleanup: [],
  folder: '/labs/canary',
};

export const manifest =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\n  namespace: default\nspec:\n  hosts:\n    - reviews\n';

export function recordOf(given: Partial<UnchainedRecord> = {}): UnchainedRecord {
  return {
    at: '2026-11-20T09:50:00.000Z',
    event: 'verificacion',
    lab: 'canary',
    step: 'noventa',
    labVersion: labVersion(lab),
    verdicts: [
      {
        check: 'reparto',
        state: 'correcto',
        expected: '90 % y 10 %',
        observed: '90,2 % y 9,8 %',
        evidence: { requests: 214, counts: { v1: 193, v3: 21 }, errorBound: 0.001 },
        milliseconds: 812,
        simulated: true,
      },
    ],
    answers: { ninguna: '35 %' },
    files: [{ path: 'reviews.yaml', sha256: sha256(manifest) }],
    objects: [
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        namespace: 'default',
        name: 'reviews',
        sha256: sha256(manifest),
      },
    ],
    cluster: { kind: 'embebido', id: '0a1b', serverVersion: 'v1.34.0+malla', simulated: true, istio: '1.30.0' },
    ...given,
  };
}

export function chainOf(journal: string, records: readonly UnchainedRecord[]): JournalRecord[] {
  const chained: JournalRecord[] = [];
  for (const record of records)
    chained.push(chainRecord(record, chained.at(-1) ?? { number: 0, digest: beginningOf(journal) }));
  return chained;
}

export interface FixtureOptions {
  student?: string;
  seed?: string;
  at?: string;
  records?: readonly UnchainedRecord[];
  texts?: readonly string[];
  key?: typeof anasKey | undefined;
}

export function handInOf(options: FixtureOptions = {}): Promise<Buffer> {
  const { student = 'ana', seed = '', at = '2026-11-20T10:00:00.000Z', texts = [manifest] } = options;
  const kept = new Map(texts.map((text) => [sha256(text), text]));
  return makeHandIn({
    student,
    seed,
    malla: '0.1.0',
    at,
    labs: [lab],
    answersOf: () => ({ checks: {}, questions: {} }),
    journal: { id: 'diario-1', records: chainOf('diario-1', options.records ?? [recordOf()]) },
    textOf: async (digest) => kept.get(digest),
    key: 'key' in options ? options.key : anasKey,
  });
}

/** The same zip with its entries changed, written as Malla writes it. */
export function withEntries(bytes: Buffer, change: (entries: ZipEntry[]) => ZipEntry[]): Buffer {
  return writeZip(change(readZip(bytes).entries));
}

export function withText(bytes: Buffer, name: string, change: (text: string) => string): Buffer {
  return withEntries(bytes, (entries) =>
    entries.map((e) =>
      e.name === name ? { name, content: Buffer.from(change(Buffer.from(e.content).toString())) } : e,
    ),
  );
}
