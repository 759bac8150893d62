import type { KubeObject } from '../../../mesh/objects.ts';
import { addContainers, type ContainerSpec, type StatusOfContainer } from './containers.ts';
import { annotationLines, labelLines, longTime, Page, sortedEntries } from './page.ts';
import { addVolumes, type VolumeSpec } from './volumes.ts';

export interface PodSpecFields {
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
  volumes?: VolumeSpec[];
  nodeName?: string;
  priority?: number;
  priorityClassName?: string;
  serviceAccountName?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}

interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
}

interface PodStatusFields {
  phase?: string;
  reason?: string;
  message?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  hostIP?: string;
  startTime?: string;
  qosClass?: string;
  conditions?: { type: string; status: string }[];
  containerStatuses?: StatusOfContainer[];
  initContainerStatuses?: StatusOfContainer[];
}

export function describePod(pod: KubeObject): Page {
  const page = new Page();
  const spec = (pod.spec ?? {}) as PodSpecFields;
  const status = (pod.status ?? {}) as PodStatusFields;
  const { name, namespace = '', labels, annotations } = pod.metadata;
  page.field(0, 'Name', name);
  page.field(0, 'Namespace', namespace);
  page.field(0, 'Priority', spec.priority ?? 0);
  if (spec.priorityClassName) page.field(0, 'Priority Class Name', spec.priorityClassName);
  page.field(0, 'Service Account', spec.serviceAccountName ?? '');
  page.field(0, 'Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>');
  if (status.startTime) page.field(0, 'Start Time', longTime(status.startTime));
  page.list(0, 'Labels', labelLines(labels));
  page.list(0, 'Annotations', annotationLines(annotations));
  addPhase(page, pod, status);
  page.field(0, 'IP', status.podIP ?? '');
  addAddresses(page, status);
  const owner = pod.metadata.ownerReferences?.find((o) => o.controller);
  if (owner) page.field(0, 'Controlled By', `${owner.kind}/${owner.name}`);
  const facts = { name, namespace };
  if (spec.initContainers?.length)
    addContainers(page, 0, 'Init Containers', spec.initContainers, status.initContainerStatuses ?? [], facts);
  addContainers(page, 0, 'Containers', spec.containers ?? [], status.containerStatuses ?? [], facts);
  if (status.conditions?.length) {
    page.line(0, 'Conditions:');
    page.line(1, 'Type\tStatus');
    for (const condition of status.conditions) page.line(1, `${condition.type} \t${condition.status} `);
  }
  addVolumes(page, 0, spec.volumes ?? [], false);
  if (status.qosClass) page.field(0, 'QoS Class', status.qosClass);
  addPlacement(page, 0, spec);
  return page;
}

/** Node-Selectors and Tolerations. */
export function addPlacement(page: Page, level: number, { nodeSelector = {}, tolerations = [] }: PodSpecFields): void {
  page.list(
    level,
    'Node-Selectors',
    sortedEntries(nodeSelector).map(([name, value]) => `${name}=${value}`),
  );
  page.list(
    level,
    'Tolerations',
    tolerations.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1)).map(tolerationText),
  );
}

function addPhase(page: Page, { metadata }: KubeObject, { phase = '', reason, message }: PodStatusFields): void {
  if (metadata.deletionTimestamp) {
    page.field(0, 'Status', `Terminating (since ${longTime(metadata.deletionTimestamp)})`);
    page.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 30}s`);
  } else page.field(0, 'Status', phase);
  if (reason) page.field(0, 'Reason', reason);
  if (message) page.field(0, 'Message', message);
}

function addAddresses(page: Page, { podIPs = [] }: PodStatusFields): void {
  if (podIPs.length === 0) {
    page.field(0, 'IPs', '<none>');
    return;
  }
  page.line(0, 'IPs:');
  for (const { ip } of podIPs) page.field(1, 'IP', ip);
}

function tolerationText({ key = '', operator, value, effect, tolerationSeconds }: Toleration): string {
  const equals = operator === 'Exists' ? '' : value ? `=${value}` : '';
  const forEffect = effect ? `:${effect}` : '';
  const op = operator === 'Exists' ? ' op=Exists' : '';
  const seconds = tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`;
  return `${key}${equals}${forEffect}${op}${seconds}`.trimStart();
}
