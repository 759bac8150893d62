// A node: what it says of itself, and the pods that are on it.
import type { KubeObject } from '../../../mesh/objects.ts';
import { pathOf } from '../discovery.ts';
import type { Session } from '../session.ts';
import { StatusError } from '../status-error.ts';
import { duration } from './events.ts';
import { annotationLines, labelLines, longTime, Page, sortedEntries } from './page.ts';

interface Condition {
  type: string;
  status: string;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

type Quantities = Record<string, string>;

type Node = KubeObject<
  {
    taints?: { key: string; value?: string; effect: string }[];
    unschedulable?: boolean;
    podCIDR?: string;
    podCIDRs?: string[];
  },
  {
    conditions?: Condition[];
    addresses?: { type: string; address: string }[];
    capacity?: Quantities;
    allocatable?: Quantities;
    nodeInfo?: Record<string, string>;
  }
>;

type Pod = KubeObject<
  { containers?: { resources?: { requests?: Quantities; limits?: Quantities } }[] },
  { phase?: string }
>;

const ROLE = 'node-role.kubernetes.io/';

export async function describeNode(object: KubeObject, session: Session): Promise<Page> {
  const { metadata, spec = {}, status = {} } = object as Node;
  const page = new Page();
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(ROLE));
  page.field(0, 'Name', metadata.name);
  page.field(0, 'Roles', roles.map((label) => label.slice(ROLE.length)).join(',') || '<none>');
  page.list(0, 'Labels', labelLines(metadata.labels));
  page.list(0, 'Annotations', annotationLines(metadata.annotations));
  page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp ?? ''));
  page.list(
    0,
    'Taints',
    (spec.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
  );
  page.field(0, 'Unschedulable', spec.unschedulable ?? false);
  await addLease(page, session, metadata.name);
  addConditions(page, status.conditions ?? []);
  page.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) page.field(1, type, address);
  for (const [title, quantities] of [
    ['Capacity', status.capacity],
    ['Allocatable', status.allocatable],
  ] as const) {
    page.line(0, `${title}:`);
    for (const [name, quantity] of sortedEntries(quantities ?? {})) page.field(1, name, quantity);
  }
  page.line(0, 'System Info:');
  for (const [title, key] of SYSTEM) page.field(1, title, status.nodeInfo?.[key] ?? '');
  if (spec.podCIDR) page.field(0, 'PodCIDR', spec.podCIDR);
  if (spec.podCIDRs) page.field(0, 'PodCIDRs', spec.podCIDRs.join(','));
  addPods(page, await podsOn(session, metadata.name), status.allocatable ?? {});
  return page;
}

const SYSTEM = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const;

async function addLease(page: Page, { api }: Session, name: string): Promise<void> {
  try {
    const { spec = {} } = await api.json<
      KubeObject<{ holderIdentity?: string; acquireTime?: string; renewTime?: string }>
    >({
      path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(name)}`,
    });
    page.line(0, 'Lease:');
    page.field(1, 'HolderIdentity', spec.holderIdentity ?? '<unset>');
    page.field(1, 'AcquireTime', spec.acquireTime ? longTime(spec.acquireTime) : '<unset>');
    page.field(1, 'RenewTime', spec.renewTime ? longTime(spec.renewTime) : '<unset>');
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    page.field(0, 'Lease', `Failed to get lease: ${error.status.message ?? ''}`);
  }
}

function addConditions(page: Page, conditions: readonly Condition[]): void {
  page.line(0, 'Conditions:');
  page.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
  page.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const { type, status, lastHeartbeatTime = '', lastTransitionTime = '', reason = '', message = '' } of conditions)
    page.line(
      1,
      [type, status, longTime(lastHeartbeatTime), longTime(lastTransitionTime), reason, message].join(' \t'),
    );
}

async function podsOn(session: Session, node: string): Promise<Pod[]> {
  const pods = await session.discovery.named('pods');
  const { items = [] } = await session.api.json<{ items?: Pod[] }>({
    path: pathOf(pods, undefined),
    query: { fieldSelector: `spec.nodeName=${node},status.phase!=Failed,status.phase!=Succeeded`, limit: '500' },
  });
  return items;
}

type Which = 'requests' | 'limits';

function addPods(page: Page, pods: readonly Pod[], allocatable: Quantities): void {
  const cell = (of: readonly Pod[], which: Which, name: 'cpu' | 'memory'): string => {
    const sum = of
      .flatMap((pod) => pod.spec?.containers ?? [])
      .reduce((total, c) => total + amount(c.resources?.[which]?.[name], name), 0);
    const whole = amount(allocatable[name], name);
    return `${written(sum, name)} (${whole > 0 ? Math.floor((sum / whole) * 100) : 0}%)`;
  };
  page.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  page.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  page.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const cells = [
      ...[cell([pod], 'requests', 'cpu'), cell([pod], 'limits', 'cpu')],
      ...[cell([pod], 'requests', 'memory'), cell([pod], 'limits', 'memory')],
    ];
    const { namespace = '', name, creationTimestamp = '' } = pod.metadata;
    page.line(
      1,
      `${namespace}\t${name}\t\t${cells.join('\t')}\t${duration(Date.now() - Date.parse(creationTimestamp))}`,
    );
  }
  page.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  page.line(1, 'Resource\tRequests\tLimits');
  page.line(1, '--------\t--------\t------');
  for (const name of ['cpu', 'memory'] as const)
    page.line(1, `${name}\t${cell(pods, 'requests', name)}\t${cell(pods, 'limits', name)}`);
  for (const name of Object.keys(allocatable).toSorted())
    if (!['cpu', 'memory', 'pods'].includes(name)) page.line(1, `${name}\t0 (0%)\t0 (0%)`);
}

const UNITS: Record<string, number> = {
  '': 1,
  m: 0.001,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** Thousandths of a processor, or bytes. */
function amount(quantity: string | undefined, name: 'cpu' | 'memory'): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity ?? '0') ?? [];
  return Math.round(Number(number) * (UNITS[unit] ?? 1) * (name === 'cpu' ? 1000 : 1));
}

function written(sum: number, name: 'cpu' | 'memory'): string {
  if (sum === 0) return '0';
  if (name === 'cpu') return sum % 1000 === 0 ? String(sum / 1000) : `${sum}m`;
  const unit = (['Gi', 'Mi', 'Ki'] as const).find((u) => sum % (UNITS[u] ?? 1) === 0);
  return unit ? `${sum / (UNITS[unit] ?? 1)}${unit}` : String(sum);
}
