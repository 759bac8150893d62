// `npm run fidelity -- --kubeconfig F --entry URL --record NAME [--only TEXT] [--namespace NAME, that of F]`: plays the behaviours of test/fidelity on a cluster and
// writes what was seen. `--compare [NAME] [--with NAME]`: how two recordings differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences } from '../test/fidelity/run/compare.ts';
import { startEmbeddedBench } from '../test/fidelity/run/embedded.ts';
import { makeKeys } from '../test/fidelity/run/keys.ts';
import { asInDefault, embeddedPace, realPace, record } from '../test/fidelity/run/record.ts';
import { addTaskResults, addToRecording, readRecording } from '../test/fidelity/run/recordings.ts';
import { createTools, fromPath } from '../test/fidelity/run/tools.ts';
import { behaviours, situations } from '../test/fidelity/situations.ts';
import { runTask } from '../test/fidelity/tasks/run-task.ts';
import { tasks } from '../test/fidelity/tasks/tasks.ts';

const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    entry: { type: 'string' },
    https: { type: 'string' },
    record: { type: 'string' },
    only: { type: 'string' },
    compare: { type: 'boolean' },
    real: { type: 'string', default: 'real' },
    other: { type: 'string', default: 'embedded' },
    embedded: { type: 'boolean' },
    namespace: { type: 'string', default: 'default' },
    show: { type: 'boolean' },
    tasks: { type: 'string' },
    release: { type: 'string' },
  },
});

const only = values.only?.split(',') ?? [];
const wanted = situations.filter(({ id }) => only.length === 0 || only.some((text) => id.startsWith(text)));

if (values.record) await play(values.record);
if (values.tasks) await playTasks(values.tasks);
if (values.compare) compare();

async function play(name: string): Promise<void> {
  const start = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'malla-fidelity-'));
  const bench = values.embedded ? await startEmbeddedBench(fromPath) : attached();
  try {
    const recorded = await record(wanted, {
      tools: bench.tools,
      facts: { ...bench.facts, ...(await makeKeys(folder)) },
      pace: values.embedded ? embeddedPace : realPace,
      onSituation: (id, milliseconds, error) =>
        console.log(`${id}: ${error ? `NOT PLAYED: ${error}` : `${Math.round(milliseconds)} ms`}`),
    });
    const seen = asInDefault(recorded, values.namespace);
    addToRecording(
      name,
      seen,
      behaviours.map(({ id }) => id),
    );
    if (values.show) console.log(JSON.stringify(seen, null, 1));
    console.log(`${Object.keys(seen).length} behaviours in ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    await bench.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tasks of Istio's documentation, with the samples of an unpacked release. */
async function playTasks(name: string): Promise<void> {
  const { release } = values;
  if (!release) throw new Error('--tasks needs --release, the folder of an unpacked Istio release');
  const bench = values.embedded ? await startEmbeddedBench(fromPath) : attached();
  try {
    const entry = new URL(bench.facts.entry ?? '');
    const variables = {
      GATEWAY_URL: entry.host,
      INGRESS_HOST: entry.hostname,
      INGRESS_PORT: entry.port,
      SECURE_INGRESS_PORT: bench.facts.https?.split(':')[1],
    };
    for (const task of tasks.filter(({ id }) => only.length === 0 || only.includes(id))) {
      const result = await runTask(task, { release, env: { ...bench.env, ...variables } });
      addTaskResults(name, { [task.id]: result });
      console.log(`${task.id}: ${result.failed.length === 0 ? 'as written' : result.failed.join('; ')}`);
    }
  } finally {
    await bench.remove();
  }
}

/** A cluster that is there already, with what bench.yaml and samples/bookinfo put in it. */
function attached() {
  const { kubeconfig, entry, https } = values;
  if (!kubeconfig || !entry) throw new Error('--record needs --kubeconfig and --entry, or --embedded');
  const env: Record<string, string | undefined> = { ...process.env, KUBECONFIG: kubeconfig };
  return {
    env,
    tools: createTools(env, fromPath),
    facts: { entry, ...(https ? { https } : {}) },
    remove: async () => {},
  };
}

function compare(): void {
  const [real, other] = [readRecording(values.real), readRecording(values.other)];
  const listed = behaviours.filter(({ situation }) => wanted.includes(situation));
  let agreeing = 0;
  let compared = 0;
  for (const { id } of listed) {
    const [a, b] = [real[id], other[id]];
    if (!a || !b) {
      console.log(`${id}: ${a ? '' : `not in ${values.real} `}${b ? '' : `not in ${values.other}`}`);
      continue;
    }
    compared++;
    const lines = differences(a, b);
    if (lines.length === 0) agreeing++;
    for (const line of lines) console.log(`${id}: ${line}`);
  }
  console.log(`${agreeing} of ${compared} agree (${behaviours.length} behaviours in all)`);
}
