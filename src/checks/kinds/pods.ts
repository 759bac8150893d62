import { hasSidecar, isReady } from '../../diagnosis/pods.ts';
import type { Pod } from '../../diagnosis/scene.ts';
import type { PodsPattern } from '../../labs/check-kinds/pods.ts';
import type { CheckKind } from '../check-kind.ts';
import { evidenceOf } from '../evidence.ts';

export const pods: CheckKind<'pods'> = {
  looksAt: 'resources',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster }) {
    const { namespace, selector } = pattern;
    const all = (await cluster.client.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      labelSelector: selector,
    })) as Pod[];
    // A pod on its way out says nothing about the state that the student has asked for.
    const living = all.filter((p) => p.metadata.deletionTimestamp === undefined);
    const ready = living.filter(isReady);
    const enough = ready.length >= pattern.atLeast && ready.length === living.length;
    const asInjected = living.every((p) => pattern.sidecar === undefined || hasSidecar(p) === pattern.sidecar);
    return {
      expected: expectation(pattern),
      observed: summary(living, ready.length),
      evidence: evidenceOf(living),
      ...(enough && asInjected ? {} : { symptom: { type: 'pods', pattern } }),
    };
  },
  watches: ({ pattern: { namespace, sidecar } }) => [
    { apiVersion: 'v1', kind: 'Pod', namespace },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace },
    ...(sidecar === undefined ? [] : [{ apiVersion: 'v1', kind: 'Namespace' }]),
  ],
};

function expectation({ namespace, selector, atLeast, sidecar }: PodsPattern): string {
  const many = atLeast === 1 ? 'al menos 1 pod listo' : `al menos ${atLeast} pods listos`;
  const injected = sidecar === undefined ? '' : sidecar ? ', con sidecar' : ', sin sidecar';
  return `${many} con ${selector} en ${namespace}${injected}, y ninguno sin estar listo`;
}

function summary(living: readonly Pod[], ready: number): string {
  if (living.length === 0) return 'no hay ningún pod';
  const injected = living.filter(hasSidecar).length;
  const pods = living.length === 1 ? '1 pod' : `${living.length} pods`;
  return `${pods} (${ready} ${ready === 1 ? 'listo' : 'listos'}, ${injected} con sidecar)`;
}
