// Plays situations on one cluster, one after another, and gives what was seen.
import type { Recording, Situation } from '../behaviour.ts';
import type { Facts } from './fill.ts';
import { type Pace, playSituation, type Stage } from './situation.ts';
import type { Tools } from './tools.ts';

export interface RecordOptions {
  tools: Tools;
  facts: Facts;
  pace: Pace;
  /** Told after each situation: its id and milliseconds, or what went wrong. */
  onSituation?: (id: string, milliseconds: number, error?: unknown) => void;
}

/** Generous enough for a real mesh on a busy machine. */
export const realPace: Pace = { settle: 2_500, settlePolicy: 4_000, keepsConnections: true, logs: 1_600, lanes: 4 };
/** The embedded cluster tells every proxy within milliseconds and writes its logs at once. */
export const embeddedPace: Pace = { settle: 250, settlePolicy: 250, keepsConnections: false, logs: 100, lanes: 6 };

/** A situation that cannot be played is left out, and told: the others go on. */
export async function record(situations: Situation[], options: RecordOptions): Promise<Recording> {
  const { tools, facts, pace, onSituation } = options;
  const stage: Stage = { tools, facts, pace, run: randomName() };
  const recording: Recording = {};
  for (const situation of situations) {
    const start = performance.now();
    try {
      Object.assign(recording, await playSituation(situation, stage));
      onSituation?.(situation.id, performance.now() - start);
    } catch (error) {
      onSituation?.(situation.id, performance.now() - start, error);
    }
  }
  return recording;
}

/** A recording made in another namespace, as if it had been `default`: names of hosts and identities have it in them. */
export function asInDefault(recording: Recording, namespace: string): Recording {
  const text = JSON.stringify(recording)
    .replaceAll(`.${namespace}.svc`, '.default.svc')
    .replaceAll(`/ns/${namespace}/`, '/ns/default/');
  return JSON.parse(text) as Recording;
}

function randomName(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 6 }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
