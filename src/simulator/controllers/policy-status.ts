// Says of each ValidatingAdmissionPolicy that it has been looked at: who applies one waits for that.
import type { Clock, Registry } from '../contract.ts';
import { setStatus } from './pods.ts';
import { createWorkQueue } from './work-queue.ts';

const POLICIES = 'admissionregistration.k8s.io/validatingadmissionpolicies';

export function startPolicyStatus(registry: Registry, clock: Clock): () => void {
  const queue = createWorkQueue(clock, 'policy status', sync);
  const stop = registry.watch(POLICIES, ({ object }) => queue.add(object.metadata.name));
  return () => {
    stop();
    queue.stop();
  };

  function sync(name: string): void {
    const policy = registry.get(POLICIES, undefined, name);
    const { generation = 1 } = policy?.metadata ?? {};
    const { observedGeneration } = (policy?.status ?? {}) as { observedGeneration?: number };
    if (policy && observedGeneration !== generation)
      setStatus(registry, POLICIES, policy, { observedGeneration: generation, typeChecking: {} });
  }
}
