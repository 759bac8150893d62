// The kubelets of all nodes: a worker for each pod that is bound to a known node.
import type { Clock, LogBook, PodNetwork, Registry, RegistryEvent, WorkloadModel } from '../contract.ts';
import { createEventRecorder } from '../controllers/event-recorder.ts';
import type { Node, Pod } from '../controllers/kinds.ts';
import { conditionOf } from '../controllers/pods.ts';
import type { Delays } from '../delays.ts';
import type { MeshFacts } from '../mesh-facts.ts';
import { type AddressPool, createAddressPool } from './address-pool.ts';
import { createCrowd } from './crowd.ts';
import { takeLease } from './node-lease.ts';
import { type NetworkProblem, type PodWorker, type PodWorkerHost, startPodWorker } from './pod-worker.ts';
import type { AccountToken } from './program.ts';
import { isClusterImage, systemModel } from './system-images.ts';

interface Kubelet {
  host: PodWorkerHost;
  addresses: AddressPool;
}

export interface NodesOptions {
  registry: Registry;
  clock: Clock;
  delays: Delays;
  network: PodNetwork;
  logs: LogBook;
  /** Undefined when no registry has the image. */
  models(image: string): WorkloadModel | undefined;
  random?: () => number;
  /** Where the API listens on loopback; without it, no program in a pod reaches it. */
  apiPort?: number;
  mesh?: MeshFacts;
  accountToken?: AccountToken;
  /** Why a pod cannot get an address on a node now; undefined when it can. */
  networkProblem?(node: string): NetworkProblem | undefined;
}

export function startKubelets(options: NodesOptions): () => void {
  const { registry, clock } = options;
  const kubelets = new Map<string, Kubelet>();
  const workers = new Map<string, { worker: PodWorker; namespace: string; node: string }>();
  /** Pods that lack a ConfigMap, a Secret or a volume, by uid: most never do. */
  const waiting = new Set<string>();
  const crowd = createCrowd(clock);
  let stopped = false;
  for (const node of registry.list('nodes') as Node[]) addKubelet(node);
  reserveAddresses();
  const stops = [
    registry.watch('nodes', onNode),
    registry.watch('pods', onPod),
    registry.watch('configmaps', onConfig),
    registry.watch('secrets', onConfig),
    registry.watch('persistentvolumeclaims', onConfig),
  ];
  return () => {
    stopped = true;
    for (const stop of stops) stop();
    for (const { worker } of workers.values()) worker.dispose();
  };

  function addKubelet(node: Node) {
    const { name } = node.metadata;
    takeLease(registry, clock, node.metadata);
    const addresses = createAddressPool(node.spec?.podCIDR ?? '10.244.255.0/24');
    const record = createEventRecorder(registry, clock, { component: 'kubelet', host: name });
    const { delays, network, logs, random = Math.random, mesh, accountToken } = options;
    const models = (image: string) => options.models(image) ?? systemModel(image, options.apiPort);
    const images = new Set<string>();
    const networkProblem = () => options.networkProblem?.(name);
    kubelets.set(name, {
      addresses,
      host: {
        ...{ registry, clock, delays, network, logs, random, node },
        ...{ addresses, images, models, mesh, accountToken, record, networkProblem, crowd },
        waitsForConfig: (uid, waits) => void (waits ? waiting.add(uid) : waiting.delete(uid)),
        // A node that registers has no address in its first moment.
        get nodeIP() {
          const known = (registry.get('nodes', undefined, name) ?? node) as Node;
          return known.status?.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '127.0.0.1';
        },
      },
    });
  }

  /** Before any pod gets a new address, those that pods have must be known as taken. */
  function reserveAddresses() {
    for (const pod of registry.list('pods') as Pod[]) {
      const { podIP } = pod.status ?? {};
      const phase = pod.status?.phase;
      if (!podIP || pod.spec?.hostNetwork || phase === 'Succeeded' || phase === 'Failed') continue;
      kubelets.get(pod.spec?.nodeName ?? '')?.addresses.reserve(podIP);
    }
  }

  function onNode({ type, object, previous }: RegistryEvent) {
    if (type === 'DELETED') removeNode(object.metadata.name);
    if (type === 'MODIFIED' && isReadyNode(object as Node) && !isReadyNode(previous as Node | undefined))
      for (const { worker, node } of workers.values()) if (node === object.metadata.name) worker.report();
    if (type !== 'ADDED' || kubelets.has(object.metadata.name)) return;
    addKubelet(object as Node);
    for (const pod of registry.list('pods') as Pod[]) consider(pod);
  }

  /** The pods of a node that is no more go with it, as the pod garbage collector has it. */
  function removeNode(name: string) {
    kubelets.delete(name);
    for (const { spec, metadata } of registry.list('pods') as Pod[]) {
      if (spec?.nodeName === name)
        registry.remove('pods', metadata.namespace, metadata.name, { gracePeriodSeconds: 0 });
    }
  }

  function onPod({ type, object }: RegistryEvent) {
    if (type === 'DELETED') forget(object as Pod);
    else consider(object as Pod);
  }

  function consider(pod: Pod) {
    const { uid = '', namespace = '' } = pod.metadata;
    const known = workers.get(uid);
    if (known) return known.worker.update(pod);
    const kubelet = kubelets.get(pod.spec?.nodeName ?? '');
    if (!kubelet || stopped) {
      // Nobody else would: a pod that no node ever had has nothing to wind down.
      if (!kubelet && pod.metadata.deletionTimestamp) removeUnbound(pod);
      return;
    }
    if (pod.spec) for (const c of pod.spec.containers) preload(kubelet, c.image);
    workers.set(uid, { worker: startPodWorker(kubelet.host, pod), namespace, node: pod.spec?.nodeName ?? '' });
  }

  /** The images of the cluster's own programs were on the nodes before the cluster was. */
  function preload(kubelet: Kubelet, image: string) {
    if (isClusterImage(image)) kubelet.host.images.add(image);
  }

  function removeUnbound(pod: Pod) {
    registry.remove('pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
  }

  function forget(pod: Pod) {
    const { uid = '' } = pod.metadata;
    workers.get(uid)?.worker.dispose();
    workers.delete(uid);
    waiting.delete(uid);
    options.logs.drop(uid);
  }

  function onConfig({ type, object }: RegistryEvent) {
    if (type === 'DELETED') return;
    for (const uid of [...waiting]) {
      const { worker, namespace } = workers.get(uid) ?? {};
      if (namespace === object.metadata.namespace) worker?.retryConfig();
    }
  }
}

function isReadyNode(node: Node | undefined): boolean {
  return conditionOf(node?.status?.conditions, 'Ready')?.status === 'True';
}
