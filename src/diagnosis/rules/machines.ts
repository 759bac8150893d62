// Why a machine is no node, or a node does not work: from the machine itself where it can be seen, else from what its
// kubelet says.
import type { MachineFacts } from '../../cluster/machines/machines.ts';
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import {
  type ClusterNode,
  countNodes,
  differingNode,
  hasRole,
  isReadyNode,
  machineTrouble,
  readyCondition,
} from '../nodes.ts';
import { podState } from '../pods.ts';
import type { Pod, Scene } from '../scene.ts';
import type { Symptom } from '../symptom.ts';
import { brokenPod } from './workloads.ts';

type NodesSymptom = Extract<Symptom, { type: 'nodos' }>;

export function nodesCause(scene: Scene, { pattern, machines = [] }: NodesSymptom): Diagnosis {
  const nodes = scene.nodes as readonly ClusterNode[];
  if (pattern.prepared) {
    const { counted } = countNodes(nodes, machines, pattern);
    const behind = machines.find((m) => !counted.includes(m.name));
    const trouble = behind && troubleOf(behind);
    if (trouble) return trouble;
    if (machines.length > 0) return diagnose('MALLA-SAL-06', 'Las máquinas acaban de cambiar');
  }
  return (
    noControlPlane(nodes, machines) ??
    missingNode(nodes, machines, pattern) ??
    (pattern.ready ? nodeAtFault(scene, nodes, machines) : undefined) ??
    missingRole(nodes, pattern.roles) ??
    otherVersion(nodes, pattern) ??
    diagnose('MALLA-SAL-06', 'Los nodos acaban de cambiar')
  );
}

/** `undefined`: nothing that can be seen from outside keeps it from being a node. */
function troubleOf(machine: MachineFacts): Diagnosis | undefined {
  const { name } = machine;
  switch (machineTrouble(machine)) {
    case 'swap':
      return diagnose(
        'MALLA-NOD-04',
        machine.swap
          ? `${name} tiene encendida la memoria de intercambio (swap)`
          : `${name} volverá a encender la memoria de intercambio (swap) al arrancar: sigue en /etc/fstab`,
      );
    case 'forwarding':
      return diagnose('MALLA-NOD-10', `En ${name}, net.ipv4.ip_forward no vale 1`);
    case 'runtime':
      return diagnose('MALLA-NOD-05', `En ${name}, ${runtimeWords[machine.runtime]}`);
    case 'cgroups':
      return diagnose(
        'MALLA-NOD-06',
        `En ${name}, containerd no usa SystemdCgroup = true, o no se ha reiniciado desde que se puso`,
      );
    case 'programs':
      return diagnose('MALLA-NOD-11', `En ${name} falta instalar ${machine.kubeadm ? 'kubelet' : 'kubeadm'}`);
    case undefined:
      return undefined;
  }
}

const runtimeWords: Record<MachineFacts['runtime'], string> = {
  missing: 'no hay runtime de contenedores instalado',
  stopped: 'containerd está parado',
  'without CRI': 'containerd está en marcha con el plugin CRI desactivado (disabled_plugins)',
  running: 'containerd está en marcha',
};

function noControlPlane(nodes: readonly ClusterNode[], machines: readonly MachineFacts[]): Diagnosis | undefined {
  if (nodes.length > 0) return undefined;
  const half = machines.find((m) => m.joined);
  const trouble = half ? troubleOf(half) : machines[0] && troubleOf(machines[0]);
  if (trouble) return trouble;
  if (half)
    return diagnose('MALLA-NOD-15', `En ${half.name} hay restos de un kubeadm init o join que no llegó a su fin`);
  return diagnose('MALLA-NOD-01', 'Ninguna máquina es todavía un nodo: falta kubeadm init');
}

function missingNode(
  nodes: readonly ClusterNode[],
  machines: readonly MachineFacts[],
  { atLeast, names }: NodesSymptom['pattern'],
): Diagnosis | undefined {
  const there = new Set(nodes.map((n) => n.metadata.name));
  const named = names.find((name) => !there.has(name));
  if (named === undefined && nodes.length >= atLeast) return undefined;
  const outside = machines.filter((m) => !there.has(m.name) && (named === undefined || m.name === named));
  for (const machine of outside) {
    const trouble = troubleOf(machine);
    if (trouble) return trouble;
  }
  const who = named ?? outside.map((m) => m.name).join(' y ');
  const count = `hay ${nodes.length} ${nodes.length === 1 ? 'nodo' : 'nodos'} y hacen falta ${Math.max(atLeast, names.length)}`;
  return diagnose(
    'MALLA-NOD-02',
    who ? `No se ha unido al clúster ${who}: ${count}` : `Faltan máquinas por unir: ${count}`,
  );
}

function nodeAtFault(
  scene: Scene,
  nodes: readonly ClusterNode[],
  machines: readonly MachineFacts[],
): Diagnosis | undefined {
  for (const node of nodes) {
    if (isReadyNode(node)) continue;
    const machine = machines.find((m) => m.name === node.metadata.name);
    return (
      silentKubelet(node, machine) ?? withoutRuntime(node, machine) ?? withoutNetwork(scene, node) ?? otherwise(node)
    );
  }
  return undefined;
}

function silentKubelet(node: ClusterNode, machine: MachineFacts | undefined): Diagnosis | undefined {
  if (readyCondition(node)?.status !== 'Unknown') return undefined;
  if (machine?.kubelet === 'failing') {
    const trouble = troubleOf(machine);
    if (trouble) return trouble;
  }
  return diagnose('MALLA-NOD-09', `El kubelet de ${node.metadata.name} ya no da señales`, {
    at: node,
    path: 'status.conditions',
  });
}

function withoutRuntime(node: ClusterNode, machine: MachineFacts | undefined): Diagnosis | undefined {
  if (!/container runtime is down|PLEG is not healthy/.test(readyCondition(node)?.message ?? '')) return undefined;
  const words = machine && machine.runtime !== 'running' ? runtimeWords[machine.runtime] : 'el runtime no contesta';
  return diagnose('MALLA-NOD-05', `En ${node.metadata.name}, ${words}`, { at: node, path: 'status.conditions' });
}

const NO_NETWORK = /NetworkPluginNotReady|cni plugin not initialized|cni config uninitialized/;
const NETWORKS = /^(kube-flannel|calico|canal|weave|cilium|kindnet)/;

function withoutNetwork(scene: Scene, node: ClusterNode): Diagnosis | undefined {
  if (!NO_NETWORK.test(readyCondition(node)?.message ?? '')) return undefined;
  const pods = scene.pods.filter((p) => NETWORKS.test(p.metadata.name));
  const here = pods.filter((p) => p.spec?.nodeName === node.metadata.name);
  const broken = here.map((pod) => networkFault(scene, pod)).find((d) => d !== undefined);
  if (broken) return broken;
  if (pods.length > 0)
    return diagnose('MALLA-SAL-06', `La red de pods está llegando a ${node.metadata.name}`, { at: node });
  return diagnose('MALLA-NOD-03', `${node.metadata.name} no está listo porque en el clúster no hay red de pods`, {
    at: node,
    path: 'status.conditions',
  });
}

/** A pod of the network that does not run. Flannel ends at once when the range of the node is none of its own. */
function networkFault(scene: Scene, pod: Pod): Diagnosis | undefined {
  if (podState(pod).state === 'failing') return otherRange(scene, pod) ?? brokenPod(scene, pod);
  return brokenPod(scene, pod);
}

function otherRange(scene: Scene, pod: Pod): Diagnosis | undefined {
  if (!pod.metadata.name.startsWith('kube-flannel')) return undefined;
  const node = (scene.nodes as readonly ClusterNode[]).find((n) => n.metadata.name === pod.spec?.nodeName);
  const range = node?.spec?.podCIDR;
  if (!node || range?.startsWith('10.244.')) return undefined;
  return diagnose(
    'MALLA-NOD-07',
    range
      ? `El rango de pods de ${node.metadata.name} es ${range}, y el de Flannel es 10.244.0.0/16`
      : `${node.metadata.name} no tiene rango de pods: a kubeadm init le faltó --pod-network-cidr`,
    { at: node, path: 'spec.podCIDR' },
  );
}

/** For pods that do not get an address, or nowhere to run. */
export function podsWithoutPlace(scene: Scene, pods: readonly Pod[]): Diagnosis | undefined {
  const nodes = scene.nodes as readonly ClusterNode[];
  for (const pod of pods) {
    const state = podState(pod);
    const shutOut = state.state === 'unschedulable' && /untolerated taint/.test(state.reason);
    // Anywhere else a network that does not work is a sick cluster, and nobody's mistake.
    const own = pod.metadata.namespace === 'kube-system';
    const fault =
      (own && state.state === 'starting' ? withoutAddress(scene, pod) : undefined) ??
      (own && shutOut ? nodeAtFault(scene, nodes, []) : undefined) ??
      (shutOut ? (notLookedAtAgain(nodes, pod) ?? onlyControlPlane(nodes, pod)) : undefined);
    if (fault) return fault;
  }
  return undefined;
}

function withoutAddress(scene: Scene, { spec }: Pod): Diagnosis | undefined {
  if (!spec?.nodeName) return undefined;
  const network = scene.pods.find((p) => NETWORKS.test(p.metadata.name) && p.spec?.nodeName === spec.nodeName);
  return network && podState(network).state === 'failing' ? otherRange(scene, network) : undefined;
}

/** A node lost the taint that was in the way a moment ago, and the scheduler has not come by yet. */
function notLookedAtAgain(nodes: readonly ClusterNode[], { metadata: { name }, spec }: Pod): Diagnosis | undefined {
  const { tolerations = [] } = (spec ?? {}) as { tolerations?: Toleration[] };
  const open = nodes.find((n) => isReadyNode(n) && (n.spec?.taints ?? []).every((t) => tolerates(tolerations, t)));
  if (!open) return undefined;
  return diagnose('MALLA-SAL-06', `${name} espera a que el planificador vuelva a mirar ${open.metadata.name}`);
}

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

function tolerates(
  tolerations: readonly Toleration[],
  taint: { key: string; value?: string; effect: string },
): boolean {
  return tolerations.some(
    (t) =>
      (!t.effect || t.effect === taint.effect) &&
      (!t.key || t.key === taint.key) &&
      (t.operator === 'Exists' || (t.value ?? '') === (taint.value ?? '')),
  );
}

function onlyControlPlane(nodes: readonly ClusterNode[], { metadata: { name } }: Pod): Diagnosis | undefined {
  const [first] = nodes;
  if (!first || !nodes.every((n) => isReadyNode(n) && hasRole(n, 'control-plane'))) return undefined;
  const names = nodes.map((n) => n.metadata.name).join(', ');
  return diagnose(
    'MALLA-NOD-08',
    `${name} no tiene dónde ir: solo está ${names}, y su taint lo reserva para el plano de control`,
    { at: first, path: 'spec.taints' },
  );
}

function otherwise(node: ClusterNode): Diagnosis {
  const { message, reason } = readyCondition(node) ?? {};
  return diagnose('MALLA-NOD-12', `${node.metadata.name} no está listo: ${message ?? reason ?? 'no dice por qué'}`, {
    at: node,
    path: 'status.conditions',
  });
}

function missingRole(nodes: readonly ClusterNode[], roles: Readonly<Record<string, number>>): Diagnosis | undefined {
  for (const [role, count] of Object.entries(roles)) {
    const found = nodes.filter((n) => hasRole(n, role)).length;
    if (found < count)
      return diagnose('MALLA-NOD-14', `Hay ${found} nodos con el papel ${role} y hacen falta ${count}`);
  }
  return undefined;
}

function otherVersion(nodes: readonly ClusterNode[], pattern: NodesSymptom['pattern']): Diagnosis | undefined {
  const other = differingNode(nodes, pattern);
  if (!other) return undefined;
  const { node, path, found, wanted } = other;
  return diagnose('MALLA-NOD-13', `${node.metadata.name} tiene ${found}, y se pide ${wanted}`, { at: node, path });
}
