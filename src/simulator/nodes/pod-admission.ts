import type { KubeObject } from '../../mesh/objects.ts';
import { forbidden } from '../api/errors.ts';
import type { Registry } from '../contract.ts';
import type { Pod } from '../controllers/kinds.ts';
import { copyOf } from '../copy.ts';
import { admitPod, isMirror, type PriorityFacts, serviceAccountOf } from './admit-pod.ts';
import { applyLimitDefaults, type LimitRange } from './limit-ranges.ts';

export interface PodAdmissionOptions {
  /** The registry's; called only when a pod comes, so that they may be functions of one that is still being made. */
  get: Registry['get'];
  list: Registry['list'];
  random?: () => number;
}

type PriorityClass = KubeObject & { value?: number; globalDefault?: boolean; preemptionPolicy?: string };

/**
 * admitPod on a cluster: refuses a pod whose ServiceAccount or PriorityClass does not exist, heeds what they say, and gives
 * it the resources that the namespace's LimitRanges have for it.
 */
export function createPodAdmission({ get, list, random }: PodAdmissionOptions): (pod: KubeObject) => KubeObject {
  return (given) => {
    const pod = copyOf(given) as Pod;
    const facts = { ...(random && { random }), priority: priorityOf(pod) };
    if (isMirror(pod)) return admitPod(pod, facts);
    const { namespace = '' } = pod.metadata;
    applyLimitDefaults(pod, list('limitranges', namespace) as LimitRange[]);
    const account = serviceAccountOf(pod);
    const serviceAccount = get('serviceaccounts', namespace, account);
    // A new namespace gets its default account a moment later; the real plugin waits for that one, and no other.
    if (!serviceAccount && account === 'default') return admitPod(pod, facts);
    if (!serviceAccount)
      throw refused(
        pod,
        `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
      );
    return admitPod(pod, { ...facts, serviceAccount });
  };

  function priorityOf(pod: Pod): PriorityFacts | undefined {
    const wanted = pod.spec?.priorityClassName;
    if (wanted === 'system-node-critical' || wanted === 'system-cluster-critical') return undefined;
    const classes = list('scheduling.k8s.io/priorityclasses') as PriorityClass[];
    const found = classes.find((c) => (wanted ? c.metadata.name === wanted : c.globalDefault === true));
    if (wanted && !found) throw refused(pod, `no PriorityClass with name ${wanted} was found`);
    if (!found) return undefined;
    const { value = 0, preemptionPolicy = 'PreemptLowerPriority' } = found;
    return { className: found.metadata.name, value, preemptionPolicy };
  }
}

function refused(pod: Pod, why: string) {
  const { name, generateName } = pod.metadata;
  // The generated name is not the caller's: naming it would make every retry a new message.
  return forbidden(`pods "${generateName ?? name}" is forbidden: ${why}`);
}
