// Plays one situation: applies its objects, waits until every proxy obeys, asks, reads the logs, deletes.
import { setTimeout as wait } from 'node:timers/promises';
import type { Behaviour, Observation, Place, Recording, Situation } from '../behaviour.ts';
import { readAccessLine } from './access-line.ts';
import { type Asking, askQuestion, placesOf } from './ask-question.ts';
import { type Facts, fill } from './fill.ts';
import { normalise } from './normalise.ts';
import type { Tools } from './tools.ts';

export interface Pace {
  /** Milliseconds from a change until all proxies surely obey. */
  settle: number;
  /** The same for what swaps filter chains, before the old connections are used up. */
  settlePolicy: number;
  /** Whether proxies keep connections that know only the policies of before. */
  keepsConnections: boolean;
  /** Milliseconds until a proxy has written its log lines. */
  logs: number;
  /** Questions asked at once. */
  lanes: number;
}

export interface Stage {
  tools: Tools;
  facts: Facts;
  pace: Pace;
  /** Six letters or digits that mark this run in the logs. */
  run: string;
  /** The situation before swapped filter chains: its connections are still pooled. */
  afterPolicy?: boolean;
}

export async function playSituation(situation: Situation, stage: Stage): Promise<Recording> {
  const manifest = situation.apply ? fill(situation.apply, stage.facts) : undefined;
  if (manifest) await change(stage, ['apply', '-f', '-'], manifest);
  try {
    await settle(situation, stage);
    const asked = await askAll(situation, stage);
    await readLogs(asked, stage);
    return Object.fromEntries(asked.map(({ behaviour, seen }) => [`${situation.id}/${behaviour.id}`, seen]));
  } finally {
    if (manifest) await change(stage, ['delete', '--ignore-not-found', '-f', '-'], manifest);
    stage.afterPolicy = situation.policy === true;
  }
}

async function change({ tools }: Stage, args: string[], manifest: string): Promise<void> {
  const { code, stderr } = await tools.kubectl(args, manifest);
  if (code !== 0) throw new Error(`kubectl ${args[0]}: ${stderr}\n${manifest}`);
}

async function settle(situation: Situation, stage: Stage): Promise<void> {
  if (situation.patience) await patience(stage);
  const swaps = stage.pace.keepsConnections && (situation.policy || stage.afterPolicy);
  await wait(swaps ? stage.pace.settlePolicy : stage.pace.settle);
  if (!swaps) return;
  for (let round = 0; round < 2; round++) {
    await useUpConnections(stage);
    await wait(stage.pace.settle / 3);
  }
}

/** A controller makes the Deployments some time after the objects; those that never start are not waited for long. */
async function patience({ tools, pace }: Stage): Promise<void> {
  await wait(pace.settle);
  await tools.kubectl(['wait', '--for=condition=Available', 'deployment', '--all', '--timeout=30s']);
}

/** After a change of policy each pooled connection serves one more request under the old one. */
async function useUpConnections({ tools, facts }: Stage): Promise<void> {
  const one = 'curl -s -m 5 -o /dev/null http://httpbin:8000/status/200';
  const script = `for i in $(seq 16); do ${one} & done; wait; for i in $(seq 8); do ${one}; done`;
  const entry = facts.entry ?? '';
  const knocks = Array.from({ length: 8 }, (_, i) =>
    i % 2 === 0
      ? ['-s', '-m', '5', '-o', '/dev/null', `${entry}/productpage`]
      : ['-s', '-m', '5', '-o', '/dev/null', '-H', 'Host: httpbin.example.com', `${entry}/status/200`],
  );
  await tools.kubectl(['exec', 'deploy/curl', '-c', 'curl', '--', 'sh', '-c', script]);
  await Promise.all(knocks.map((args) => tools.curl(args)));
}

interface Asked {
  behaviour: Behaviour;
  agent: string;
  seen: Observation;
}

async function askAll(situation: Situation, stage: Stage): Promise<Asked[]> {
  const asked: Asked[] = [];
  const queue = [...situation.behaviours];
  const lane = async () => {
    for (let behaviour = queue.shift(); behaviour; behaviour = queue.shift()) {
      const agent = `fid-${stage.run}-${String(count++).padStart(4, '0')}`;
      const asking: Asking = { tools: stage.tools, facts: stage.facts, agent };
      asked.push({ behaviour, agent, seen: await askQuestion(behaviour, asking) });
    }
  };
  await Promise.all(Array.from({ length: situation.inOrder ? 1 : stage.pace.lanes }, lane));
  return asked;
}

let count = 1;

async function readLogs(asked: Asked[], stage: Stage): Promise<void> {
  const places = [...new Set(asked.flatMap(({ behaviour }) => placesOf(behaviour.ask)))];
  if (places.length === 0) return;
  await wait(stage.pace.logs);
  const lines = new Map(await Promise.all(places.map(async (place) => [place, await linesOf(place, stage)] as const)));
  for (const { behaviour, agent, seen } of asked) {
    if (seen.kind !== 'request') continue;
    for (const place of placesOf(behaviour.ask)) {
      const own = (lines.get(place) ?? []).filter((line) => line.agent === agent);
      seen.logs[place] = own.map((line) => normalise(line.text, [entryAuthority(stage.facts)])).sort();
    }
  }
}

async function linesOf(place: Place, { tools }: Stage) {
  const where = place === 'gateway' ? ['-n', 'istio-system', 'deploy/istio-ingressgateway'] : [`deploy/${place}`];
  const { stdout } = await tools.kubectl(['logs', ...where, '-c', 'istio-proxy', '--tail=600']);
  return stdout.split('\n').flatMap((text) => readAccessLine(text) ?? []);
}

const entryAuthority = (facts: Facts) => (facts.entry ?? '').replace(/^https?:\/\//, '');
