// What each node has room for and what runs there, kept by watches: reckoning it anew for each pod would take longer the more
// pods there are.
import { quantityOf } from '../../mesh/quantity.ts';
import type { Registry, RegistryEvent } from '../contract.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import { controllerOf, isFinished } from '../controllers/pods.ts';
import { type Requests, requestsOf, type Usage } from './pod-resources.ts';

export interface NodeState {
  node: Node;
  room: Usage;
  used: Usage;
  /** Used, with something for containers that ask for nothing. */
  assumed: { cpu: number; memory: number };
  pods: Map<string, Pod>;
  /** Those of the pods that keep others away. */
  repelling: Map<string, Pod>;
  /** Those that want others near, or would rather have them near or away. */
  wishing: Map<string, Pod>;
  /** Owner → how many of its pods. */
  owned: Map<string, number>;
}

export interface NodeBook {
  /** By name. */
  states(): readonly NodeState[];
  /** A pod that has been given to a node: the watch will tell it too, but later. */
  place(pod: Pod, node: string): void;
  /** A pod that was given to a node and will not run there. */
  leave(pod: Pod): void;
  stop(): void;
}

interface Entry {
  node: string;
  pod: Pod;
  owner: string | undefined;
  requests: Requests;
}

export function createNodeBook(registry: Registry): NodeBook {
  const states = new Map<string, NodeState>();
  const placed = new Map<string, Entry>();
  let inOrder: NodeState[] | undefined;
  const stops = [registry.watch('nodes', onNode), registry.watch('pods', onPod)];
  return {
    states() {
      inOrder ??= [...states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
      return inOrder;
    },
    place,
    leave: (pod) => leave(pod.metadata.uid ?? ''),
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
      states.set(name, {
        node,
        room: roomOf(node),
        used: { cpu: 0, memory: 0, pods: 0 },
        assumed: { cpu: 0, memory: 0 },
        pods: new Map(),
        repelling: new Map(),
        wishing: new Map(),
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
    const owner = controllerOf(pod)?.uid;
    const known = placed.get(uid);
    const state = states.get(node);
    const { generation } = pod.metadata;
    // A new status changes nothing of what is counted.
    if (known?.node === node && known.owner === owner && isSame(known.pod.metadata.generation, generation)) {
      known.pod = pod;
      if (state) show(state, uid, pod);
      return;
    }
    leave(uid);
    const entry = { node, pod, owner, requests: requestsOf(pod.spec ?? { containers: [] }) };
    placed.set(uid, entry);
    count(entry, 1);
  }

  function leave(uid: string): void {
    const entry = placed.get(uid);
    if (!entry) return;
    placed.delete(uid);
    count(entry, -1);
  }

  function count({ node, pod, owner, requests }: Entry, sign: 1 | -1): void {
    const state = states.get(node);
    if (!state) return;
    const { uid = '' } = pod.metadata;
    if (sign > 0) show(state, uid, pod);
    else for (const pods of [state.pods, state.repelling, state.wishing]) pods.delete(uid);
    state.used.cpu += sign * requests.cpu;
    state.used.memory += sign * requests.memory;
    state.used.pods += sign;
    state.assumed.cpu += sign * requests.assumed.cpu;
    state.assumed.memory += sign * requests.assumed.memory;
    if (owner === undefined) return;
    const left = (state.owned.get(owner) ?? 0) + sign;
    if (left > 0) state.owned.set(owner, left);
    else state.owned.delete(owner);
  }
}

function show(state: NodeState, uid: string, pod: Pod): void {
  state.pods.set(uid, pod);
  const { podAffinity: near, podAntiAffinity: away } = pod.spec?.affinity ?? {};
  if (away?.requiredDuringSchedulingIgnoredDuringExecution) state.repelling.set(uid, pod);
  if (near || away?.preferredDuringSchedulingIgnoredDuringExecution) state.wishing.set(uid, pod);
}

function isSame(known: number | undefined, generation: number | undefined): boolean {
  return known !== undefined && known === generation;
}

function roomOf(node: Node): Usage {
  const total = (name: string) => quantityOf(node.status?.allocatable?.[name]);
  return { cpu: total('cpu'), memory: total('memory'), pods: total('pods') };
}
