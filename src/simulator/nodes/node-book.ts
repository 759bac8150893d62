// What each node has room for and what runs there, kept by watches: reckoning it anew for each pod would take longer the more
// pods there are.
import { quantityOf } from '../../mesh/quantity.ts';
import type { Registry, RegistryEvent } from '../contract.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import { controllerOf, isFinished } from '../controllers/pods.ts';
import { requestsOf, type Usage } from './pod-resources.ts';

export interface NodeState {
  node: Node;
  room: Usage;
  used: Usage;
  pods: Map<string, Pod>;
  /** Those of the pods that keep others away. */
  repelling: Map<string, Pod>;
  /** Owner → how many of its pods. */
  owned: Map<string, number>;
}

export interface NodeBook {
  /** By name. */
  states(): readonly NodeState[];
  /** A pod that has been given to a node: the watch will tell it too, but later. */
  place(pod: Pod, node: string): void;
  stop(): void;
}

export function createNodeBook(registry: Registry): NodeBook {
  const states = new Map<string, NodeState>();
  const placed = new Map<string, { node: string; pod: Pod; requests: Usage }>();
  let inOrder: NodeState[] | undefined;
  const stops = [registry.watch('nodes', onNode), registry.watch('pods', onPod)];
  return {
    states() {
      inOrder ??= [...states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
      return inOrder;
    },
    place,
    stop() {
      for (const stop of stops) stop();
    },
  };

  function onNode({ type, object }: RegistryEvent): void {
    const node = object as Node;
    const { name } = node.metadata;
    const known = states.get(name);
    if (type === 'DELETED') {
      states.delete(name);
      inOrder = undefined;
    } else if (known) {
      Object.assign(known, { node, room: roomOf(node) });
    } else {
      const none = { cpu: 0, memory: 0, pods: 0 };
      states.set(name, {
        node,
        room: roomOf(node),
        used: none,
        pods: new Map(),
        repelling: new Map(),
        owned: new Map(),
      });
      inOrder = undefined;
      for (const entry of placed.values()) if (entry.node === name) count(entry, 1);
    }
  }

  function onPod({ type, object }: RegistryEvent): void {
    const pod = object as Pod;
    const { nodeName } = pod.spec ?? {};
    if (type === 'DELETED' || isFinished(pod)) leave(pod.metadata.uid ?? '');
    else if (nodeName) place(pod, nodeName);
  }

  function place(pod: Pod, node: string): void {
    const uid = pod.metadata.uid ?? '';
    leave(uid);
    const entry = { node, pod, requests: requestsOf(pod.spec ?? { containers: [] }) };
    placed.set(uid, entry);
    count(entry, 1);
  }

  function leave(uid: string): void {
    const entry = placed.get(uid);
    if (!entry) return;
    placed.delete(uid);
    count(entry, -1);
  }

  function count({ node, pod, requests }: { node: string; pod: Pod; requests: Usage }, sign: 1 | -1): void {
    const state = states.get(node);
    if (!state) return;
    const { uid = '' } = pod.metadata;
    if (sign > 0) state.pods.set(uid, pod);
    else state.pods.delete(uid);
    if (sign > 0 && repels(pod)) state.repelling.set(uid, pod);
    else state.repelling.delete(uid);
    state.used.cpu += sign * requests.cpu;
    state.used.memory += sign * requests.memory;
    state.used.pods += sign;
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return;
    const left = (state.owned.get(owner) ?? 0) + sign;
    if (left > 0) state.owned.set(owner, left);
    else state.owned.delete(owner);
  }
}

function repels(pod: Pod): boolean {
  return pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
}

function roomOf(node: Node): Usage {
  const total = (name: string) => quantityOf(node.status?.allocatable?.[name]);
  return { cpu: total('cpu'), memory: total('memory'), pods: total('pods') };
}
