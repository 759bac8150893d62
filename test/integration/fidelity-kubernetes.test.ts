// The embedded API of now against what the real Kubernetes answered: what is asked without waiting and without starting
// kubectl; the whole is played by scripts/fidelity-kubernetes.ts.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differing } from '../fidelity/kubernetes/compare.ts';
import { play } from '../fidelity/kubernetes/play.ts';
import { kubernetesSituations } from '../fidelity/kubernetes/situations.ts';
import { readRecording } from '../fidelity/run/recordings.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

const part = new Set(
  'descubrir formas salud crear nombres campos valores valores-pod pods-malos cargas-malas redes-malas otros-malos status-scale crd-objetos crd-definiciones rbac politicas cuotas malos'.split(
    ' ',
  ),
);
/** What comes after a question of kubectl's, which is not asked here. */
const late = new Set(['crd-definiciones/cambiar el ámbito']);

// Some begin with objects that kubectl applies.
const missing = spawnSync('kubectl', ['version', '--client']).status !== 0;
const playable = kubernetesSituations.filter(({ setup }) => !missing || setup.every(({ kind }) => kind !== 'kubectl'));
const situations = playable.filter(({ id }) => part.has(id));
const real = readRecording('kubernetes-real');
const before = readRecording('kubernetes-embedded');

let sandbox: Sandbox;
let kubeconfig: string;

beforeAll(async () => {
  sandbox = await createSandbox();
  kubeconfig = (await sandbox.start()).env.KUBECONFIG ?? '';
});

afterAll(() => sandbox?.remove());

test('the embedded API answers as the real one did, where it did when last recorded', async () => {
  const leftOut: string[] = [];
  const onSituation = (id: string, _ms: number, error?: unknown): void => {
    if (error) leftOut.push(`${id}: ${String(error)}`);
  };
  const seen = await play(situations, { kubeconfig, lanes: 4, quick: true, onSituation });
  expect(leftOut).toEqual([]);
  const agreed = Object.keys(seen).filter((id) => {
    const [a, b] = [real[id], before[id]];
    return a && b && !late.has(id) && differing(a, b).length === 0;
  });
  expect(agreed.length).toBeGreaterThan(missing ? 150 : 400);
  const broken = agreed.flatMap((id) => {
    const [a, b] = [real[id], seen[id]];
    const lines = a && b ? differing(a, b) : ['not played'];
    return lines.length > 0 ? [`${id}: ${lines.join(' ;; ')}`] : [];
  });
  expect(broken).toEqual([]);
});
