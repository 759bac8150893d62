// The state that a lab starts from: that of the labs before it, solved. Each is made once, kept on disk, and copied.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../labs/lab.ts';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';
import { labVersion } from '../lab-version.ts';
import { carryOut } from './carry-out.ts';
import type { World } from './world/world.ts';

export interface StartingStates {
  /** Digest of what the state depends on; two labs that start from the same labs have the same one. */
  keyOf(before: readonly Lab[]): string;
  has(before: readonly Lab[]): boolean;
  /** Makes what is missing. Rejects with UnsolvedError. One at a time for each key. */
  make(before: readonly Lab[]): Promise<void>;
  /** Puts a copy into the folder, which must exist. */
  copy(before: readonly Lab[], folder: string): Promise<void>;
}

/** The written solution of a lab that others start from does not work. */
export class UnsolvedError extends Error {
  readonly lab: string;
  constructor(lab: string, why: string) {
    super(`${lab}: ${why}`);
    this.lab = lab;
  }
}

/** Milliseconds of the world's time that solving a lab may take. */
const longest = 3_600_000;

/** `program`: what tells this Malla from others; a state made by another is not used. */
export function startingStates(folder: string, program: string, world: World): StartingStates {
  const keyOf = (before: readonly Lab[]): string =>
    sha256(canonicalJson([program, ...before.map(labVersion)])).slice(0, 24);
  const fileOf = (before: readonly Lab[]): string => join(folder, `${keyOf(before)}.db`);

  async function make(before: readonly Lab[]): Promise<void> {
    if (existsSync(fileOf(before))) return;
    const last = before.at(-1);
    if (last) await make(before.slice(0, -1));
    const place = `${fileOf(before)}.${process.pid}`;
    await mkdir(place, { recursive: true });
    try {
      if (last) await copyFile(fileOf(before.slice(0, -1)), join(place, 'state.db'));
      await world.live(place, keyOf(before), async ({ env }) => (last ? solve(last, place, env) : undefined), longest, {
        keep: true,
      });
      await rename(join(place, 'state.db'), fileOf(before));
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  }

  return {
    keyOf,
    has: (before) => existsSync(fileOf(before)),
    make,
    copy: (before, into) => copyFile(fileOf(before), join(into, 'state.db')),
  };
}

async function solve(lab: Lab, place: string, env: Record<string, string>): Promise<void> {
  const folder = join(place, 'trabajo');
  const { signal } = new AbortController();
  for (const step of lab.steps) {
    const { failure } = await carryOut(step.solution, { folder, env, signal });
    if (failure !== undefined) throw new UnsolvedError(lab.id, failure);
  }
}
