import type { KubeObject } from '../../mesh/objects.ts';
import { forbidden } from '../api/errors.ts';
import type { Registry } from '../contract.ts';
import { admitPod, isMirror, serviceAccountOf } from './admit-pod.ts';

/**
 * admitPod on a cluster: refuses a pod whose ServiceAccount does not exist, and heeds what the account says. `get` is
 * the registry's; it is called only when a pod comes, so it may be a function of a registry that is still being made.
 */
export function createPodAdmission(get: Registry['get'], random?: () => number): (pod: KubeObject) => KubeObject {
  return (pod) => {
    const facts = random ? { random } : {};
    if (isMirror(pod)) return admitPod(pod, facts);
    const { namespace = '', name, generateName } = pod.metadata;
    const account = serviceAccountOf(pod);
    const serviceAccount = get('serviceaccounts', namespace, account);
    // A new namespace gets its default account a moment later; the real plugin waits for that one, and no other.
    if (!serviceAccount && account === 'default') return admitPod(pod, facts);
    // The generated name is not the caller's: naming it would make every retry a new message.
    const called = generateName ?? name;
    if (!serviceAccount)
      throw forbidden(
        `pods "${called}" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
      );
    return admitPod(pod, { ...facts, serviceAccount });
  };
}
