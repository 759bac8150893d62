import { expect, test } from 'vitest';
import { firstPhase, type Phase, phaseOf, readyPhase } from './phases.ts';

/** What kind 0.30 writes on its standard error when it is no terminal. */
const written = `Creating cluster "malla" ...
 • Ensuring node image (kindest/node:v1.34.0) 🖼  ...
 ✓ Ensuring node image (kindest/node:v1.34.0) 🖼
 • Preparing nodes 📦 📦 📦   ...
 ✓ Preparing nodes 📦 📦 📦 
 • Writing configuration 📜  ...
 ✓ Writing configuration 📜
 • Starting control-plane 🕹️  ...
 ✓ Starting control-plane 🕹️
 • Installing CNI 🔌  ...
 ✓ Installing CNI 🔌
 • Installing StorageClass 💾  ...
 ✓ Installing StorageClass 💾
 • Joining worker nodes 🚜  ...
 ✓ Joining worker nodes 🚜
Set kubectl context to "kind-malla"
You can now use your cluster with:
`;

test('each phase of kind is known once, in order, with growing percents', () => {
  const phases = written.split('\n').flatMap((line) => phaseOf(line) ?? []);
  expect(phases.map((p) => p.id)).toEqual([
    'inicio',
    'imagen',
    'nodos',
    'configuracion',
    'plano',
    'red',
    'discos',
    'union',
  ]);
  const all: Phase[] = [firstPhase, ...phases, readyPhase];
  expect(all.map((p) => p.from)).toEqual(all.map((p) => p.from).toSorted((a, b) => a - b));
  expect(all.every((p) => p.deadline > 0)).toBe(true);
});

test('what is no phase is none', () => {
  for (const line of ['', ' ✗ Preparing nodes 📦', 'ERROR: failed to create cluster', 'x'.repeat(100_000)])
    expect(phaseOf(line)).toBeUndefined();
});
