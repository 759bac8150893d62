// The embedded API of now against what the real Kubernetes answered: a fixed part, without kubectl; the whole is played by
// scripts/fidelity-kubernetes.ts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differing } from '../fidelity/kubernetes/compare.ts';
import { play } from '../fidelity/kubernetes/play.ts';
import { kubernetesSituations } from '../fidelity/kubernetes/situations.ts';
import { readRecording } from '../fidelity/run/recordings.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

const part = ['nombres', 'pods-malos', 'cargas-malas', 'redes-malas', 'otros-malos', 'crear', 'malos'];
const situations = kubernetesSituations.filter(({ id }) => part.includes(id));
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
  const seen = await play(situations, { kubeconfig, lanes: 4, quick: true });
  const agreed = Object.keys(seen).filter(
    (id) => real[id] && before[id] && differing(real[id], before[id]).length === 0,
  );
  expect(agreed.length).toBeGreaterThan(150);
  const broken = agreed.flatMap((id) => {
    const [a, b] = [real[id], seen[id]];
    const lines = a && b ? differing(a, b) : ['not played'];
    return lines.length > 0 ? [`${id}: ${lines.join(' ;; ')}`] : [];
  });
  expect(broken).toEqual([]);
});
