// What labs gave at each place to work, kept beside the tests for docs/fidelidad.md: verdicts, causes and times.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import type { Found, Trial } from '../../../src/cli/trial/trial.ts';

export const placeNames = ['embebido', 'kind', 'kubeadm'] as const;
export type PlaceName = (typeof placeNames)[number];

/** Of one solution, mistake or clean-up. */
export interface Row {
  lab: string;
  step?: string;
  what: Trial['what'];
  title: string;
  /** The cause that a mistake declares. */
  expected?: string;
  found: Found[];
  passed: boolean;
  /** Spanish: why it was not tried. */
  skipped?: string;
}

export interface PlaceRecording {
  /** ISO, of the last lab that was tried. */
  date: string;
  /** What the cluster says of itself: Kubernetes, Istio, nodes. */
  versions: Record<string, string>;
  /** When each lab was tried, and on what. */
  labs?: Record<string, Stamp>;
  rows: Row[];
}

export interface Stamp {
  /** ISO. */
  date: string;
  /** Of the project, abbreviated; `?` where there is no repository. */
  commit: string;
  versions: Record<string, string>;
  /** From the first trial to the last, what comes between them included. */
  seconds: number;
  /** Processes that wanted a core, on the machine of the cluster, as it ended. */
  load: number;
}

/** A verdict on a solution or a mistake while pods were being killed. */
export interface ChaosRun {
  lab: string;
  step: string;
  title: string;
  /** That the mistake declares; undefined for a solution. */
  cause?: string;
  /** Pods killed meanwhile. */
  killed: number;
  verdicts: Found[];
  /** Right, incorrecto for that cause, or no verificable. */
  fair: boolean;
}

export interface ChaosRecording {
  date: string;
  seed: number;
  runs: ChaosRun[];
}

/** Milliseconds. */
interface Spread {
  times: number;
  p50: number;
  p95: number;
  most: number;
}

/** What the date and the load are of. */
interface Measured {
  /** ISO. */
  date: string;
  /** Processes that wanted a core, on the machine of the cluster, as it ended. */
  load: number;
}

export interface Figures {
  changes?: Measured & {
    /** From a changed VirtualService to the first answer by it. */
    obeyed: Spread;
    /** A right 90/10, with the requests that it took on average. */
    split: Spread & { requests: number };
  };
  /** A cluster of one node made by plain kind, and by Malla; seconds. */
  creation?: Measured & { plain: number; malla: number; added: number };
}

const folder = join(import.meta.dirname, '../recordings');

export function readPlace(place: PlaceName): PlaceRecording | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(place), 'utf8')) as PlaceRecording;
  } catch {
    return undefined;
  }
}

/** The rows of a lab replace what was recorded of it before. */
export function recordLab(place: PlaceName, lab: string, stamp: Stamp, own: readonly Row[]): void {
  const before = readPlace(place);
  const rows = [...(before?.rows ?? []).filter((row) => row.lab !== lab), ...own].toSorted((a, b) =>
    a.lab < b.lab ? -1 : a.lab > b.lab ? 1 : 0,
  );
  const { date, versions } = stamp;
  const recording: PlaceRecording = { date, versions, labs: { ...before?.labs, [lab]: stamp }, rows };
  mkdirSync(dirname(fileOf(place)), { recursive: true });
  writeFileSync(fileOf(place), `${JSON.stringify(recording, undefined, 1)}\n`);
}

export function recordChaos(place: PlaceName, recording: ChaosRecording): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `caos-${place}.json`), `${JSON.stringify(recording, undefined, 1)}\n`);
}

export function readChaos(place: PlaceName): ChaosRecording | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, `caos-${place}.json`), 'utf8')) as ChaosRecording;
  } catch {
    return undefined;
  }
}

/** What is not given stays as it was recorded. */
export function recordFigures(figures: Figures): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cifras.json'), `${JSON.stringify({ ...readFigures(), ...figures }, undefined, 1)}\n`);
}

export function readFigures(): Figures {
  try {
    return JSON.parse(readFileSync(join(folder, 'cifras.json'), 'utf8')) as Figures;
  } catch {
    return {};
  }
}

/** Processes that want a core, on this machine. */
export function currentLoad(): number {
  return Number(loadavg()[0]?.toFixed(1));
}

/** As the place's own view saw it. */
export function rowOf({ lab, step, what, title, expected, found, passed }: Trial): Row {
  return { lab, ...(step ? { step } : {}), what, title, ...(expected ? { expected } : {}), found, passed };
}

/** As its other views did, in their order. */
export function rowsBeside(trial: Trial): Row[] {
  return trial.beside.map(({ found, problem }) => ({ ...rowOf(trial), found, passed: problem === '' }));
}

function fileOf(place: PlaceName): string {
  return join(folder, `${place}.json`);
}
