// `node scripts/fidelity-kubernetes.ts --kubeconfig F --record kubernetes-real`: asks the questions of test/fidelity/kubernetes
// to a cluster and keeps what was seen; `--embedded --record kubernetes-embedded`, to an embedded one of its own.
// `--compare`: how the two recordings differ. `--only TEXT,…`: situations whose names begin so. On a real cluster it makes
// namespaces kf-* and objects kf-*, and takes them away.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { accepted } from '../test/fidelity/kubernetes/accepted.ts';
import { differing } from '../test/fidelity/kubernetes/compare.ts';
import { behaviourIds, play } from '../test/fidelity/kubernetes/play.ts';
import { kubernetesSituations } from '../test/fidelity/kubernetes/situations.ts';
import { addToRecording, readRecording } from '../test/fidelity/run/recordings.ts';
import { createSandbox } from '../test/integration/support/sandbox.ts';

const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    embedded: { type: 'boolean' },
    record: { type: 'string' },
    only: { type: 'string' },
    lanes: { type: 'string', default: '2' },
    compare: { type: 'boolean' },
    all: { type: 'boolean' },
    quick: { type: 'boolean' },
    short: { type: 'boolean' },
  },
});

const only = values.only?.split(',') ?? [];
const wanted = kubernetesSituations.filter(({ id }) => only.length === 0 || only.some((text) => id.startsWith(text)));

if (values.record) await record(values.record);
if (values.compare) compare();

async function record(name: string): Promise<void> {
  const start = Date.now();
  const sandbox = values.embedded ? await createSandbox() : undefined;
  try {
    const kubeconfig = sandbox ? ((await sandbox.start()).env.KUBECONFIG ?? '') : (values.kubeconfig ?? '');
    if (!kubeconfig) throw new Error('--kubeconfig FILE or --embedded');
    readFileSync(kubeconfig);
    const seen = await play(wanted, {
      kubeconfig,
      lanes: Number(values.lanes),
      quick: values.quick ?? false,
      onSeen: (some) => addToRecording(name, some, behaviourIds(kubernetesSituations)),
      onSituation: (id, milliseconds, error) =>
        console.log(`${id}: ${error ? `NOT PLAYED: ${error}` : `${Math.round(milliseconds)} ms`}`),
    });
    console.log(`${Object.keys(seen).length} behaviours in ${Math.round((Date.now() - start) / 1000)} s`);
  } finally {
    await sandbox?.remove();
  }
}

function compare(): void {
  const [real, embedded] = [readRecording('kubernetes-real'), readRecording('kubernetes-embedded')];
  const ids = behaviourIds(wanted).filter((id) => real[id]);
  let agreeing = 0;
  for (const id of ids) {
    const [a, b] = [real[id], embedded[id]];
    const differs = a && b ? differing(a, b) : ['not asked'];
    if (differs.length === 0) agreeing++;
    else if (!accepted[id] || values.all) console.log(`\n## ${id}\n${differs.join('\n').replaceAll('\\n', '\n   ')}`);
  }
  const explained = ids.filter((id) => accepted[id]).length;
  console.log(`\n${agreeing} of ${ids.length} agree; ${explained} differences have a reason`);
}
