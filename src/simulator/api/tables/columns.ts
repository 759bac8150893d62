// The printer columns of each kind. Names and order as Kubernetes 1.34 prints them; CRDs bring their own.
import { newEvents } from '../event-versions.ts';
import type { KindDefinition } from '../kinds/built-in.ts';
import { resourceIdOf } from '../kinds/kind-table.ts';
import { age, ageColumn, type Column, column, duration, integer, nameColumn, selectorText, wide } from './column.ts';
import { customColumns } from './custom-columns.ts';
import { accessModes, moreColumns } from './more-columns.ts';
import { podColumns } from './pod-columns.ts';
import { rareColumns } from './rare-columns.ts';

type Loose = ReturnType<typeof JSON.parse>;

/** For `kind` at `version`, which only matters for CRDs. */
export function tableColumns(kind: KindDefinition, version: string): Column[] {
  if (kind.crd) return customColumns(kind.crd, version);
  if (kind === newEvents) return byResource.events ?? [];
  const id = resourceIdOf(kind.group, kind.plural);
  return byResource[id] ?? moreColumns[id] ?? rareColumns[id] ?? [nameColumn, createdAt];
}

const createdAt: Column = column('Created At', ({ meta }) => meta.creationTimestamp ?? '', 'date');
/** Of the pods that a spec is for: its own, or that of the Jobs that it makes. */
const templateColumns = (specOf: (spec: Loose) => Loose): Column[] => {
  const containers = (spec: Loose): Loose[] => specOf(spec)?.template?.spec?.containers ?? [];
  return [
    wide('Containers', ({ spec }) =>
      containers(spec)
        .map((c) => c.name)
        .join(','),
    ),
    wide('Images', ({ spec }) =>
      containers(spec)
        .map((c) => c.image)
        .join(','),
    ),
    wide('Selector', ({ spec }) => selectorText(specOf(spec)?.selector)),
  ];
};
const workload = templateColumns((spec) => spec);
const count = (map: Loose): number => Object.keys(map ?? {}).length;
const subjects = (kind: string, name: (s: Loose) => string) =>
  wide(`${kind}s`, ({ whole }) =>
    (whole.subjects ?? [])
      .filter((s: Loose) => s.kind === kind)
      .map(name)
      .join(', '),
  );
const binding = [
  nameColumn,
  column('Role', ({ whole }) => `${whole.roleRef?.kind}/${whole.roleRef?.name}`),
  ageColumn,
  subjects('User', (s) => s.name),
  subjects('Group', (s) => s.name),
  subjects('ServiceAccount', (s) => `${s.namespace}/${s.name}`),
];
const bound = (value: Loose): string => (value === undefined ? 'N/A' : String(value));
const port = (p: Loose): string => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol}`;

const byResource: Record<string, Column[]> = {
  namespaces: [nameColumn, column('Status', ({ status }) => status.phase ?? ''), ageColumn],
  nodes: [
    nameColumn,
    column('Status', ({ spec, status }) => {
      const ready = (status.conditions ?? []).find((c: Loose) => c.type === 'Ready')?.status;
      const text = ready === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
      return spec.unschedulable ? `${text},SchedulingDisabled` : text;
    }),
    column('Roles', ({ meta }) => {
      const prefix = 'node-role.kubernetes.io/';
      const roles = Object.keys(meta.labels ?? {})
        .filter((l) => l.startsWith(prefix))
        .map((l) => l.slice(prefix.length));
      return roles.sort().join(',') || '<none>';
    }),
    ageColumn,
    column('Version', ({ status }) => status.nodeInfo?.kubeletVersion ?? ''),
    wide('Internal-IP', ({ status }) => address(status, 'InternalIP')),
    wide('External-IP', ({ status }) => address(status, 'ExternalIP')),
    wide('OS-Image', ({ status }) => status.nodeInfo?.osImage ?? '<unknown>'),
    wide('Kernel-Version', ({ status }) => status.nodeInfo?.kernelVersion ?? '<unknown>'),
    wide('Container-Runtime', ({ status }) => status.nodeInfo?.containerRuntimeVersion ?? '<unknown>'),
  ],
  pods: podColumns,
  services: [
    nameColumn,
    column('Type', ({ spec }) => spec.type ?? ''),
    column('Cluster-IP', ({ spec }) => spec.clusterIP || '<none>'),
    column('External-IP', ({ spec, status }) => externalIp(spec, status)),
    column('Port(s)', ({ spec }) => (spec.ports ?? []).map(port).join(',') || '<none>'),
    ageColumn,
    wide('Selector', ({ spec }) => selectorText(spec.selector)),
  ],
  endpoints: [nameColumn, column('Endpoints', ({ whole }) => endpointsText(whole.subsets ?? [])), ageColumn],
  serviceaccounts: [nameColumn, column('Secrets', ({ whole }) => whole.secrets?.length ?? 0), ageColumn],
  configmaps: [nameColumn, column('Data', ({ whole }) => count(whole.data) + count(whole.binaryData)), ageColumn],
  secrets: [
    nameColumn,
    column('Type', ({ whole }) => whole.type ?? ''),
    column('Data', ({ whole }) => count(whole.data)),
    ageColumn,
  ],
  events: [
    column('Last Seen', ({ whole }, now) =>
      age(whole.series?.lastObservedTime ?? whole.lastTimestamp ?? whole.eventTime, now),
    ),
    column('Type', ({ whole }) => whole.type ?? ''),
    column('Reason', ({ whole }) => whole.reason ?? ''),
    column(
      'Object',
      ({ whole }) => `${String(whole.involvedObject?.kind ?? '').toLowerCase()}/${whole.involvedObject?.name ?? ''}`,
    ),
    wide('Subobject', ({ whole }) => whole.involvedObject?.fieldPath ?? ''),
    wide('Source', ({ whole }) =>
      [whole.source?.component ?? whole.reportingComponent, whole.source?.host].filter(Boolean).join(', '),
    ),
    column('Message', ({ whole }) => String(whole.message ?? '').trim()),
    wide('First Seen', ({ whole }, now) => age(whole.firstTimestamp ?? whole.eventTime, now)),
    wide('Count', ({ whole }) => whole.series?.count ?? whole.count ?? 1),
    { ...nameColumn, priority: 1 },
  ],
  persistentvolumeclaims: [
    nameColumn,
    column('Status', ({ meta, status }) => (meta.deletionTimestamp ? 'Terminating' : (status.phase ?? ''))),
    column('Volume', ({ spec }) => spec.volumeName ?? ''),
    column('Capacity', ({ status }) => status.capacity?.storage ?? ''),
    column('Access Modes', ({ status }) => accessModes(status.accessModes)),
    column('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
  replicationcontrollers: [nameColumn, ...replicaCounts(), ageColumn, ...workload],
  'apps/deployments': [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    integer('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    integer('Available', ({ status }) => status.availableReplicas ?? 0),
    ageColumn,
    ...workload,
  ].map((c) => (c.name === 'Up-to-date' || c.name === 'Available' ? { ...c, type: 'string' as const } : c)),
  'apps/replicasets': [nameColumn, ...replicaCounts(), ageColumn, ...workload],
  'apps/statefulsets': [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    ageColumn,
    ...workload.slice(0, 2),
  ],
  'apps/daemonsets': [
    nameColumn,
    integer('Desired', ({ status }) => status.desiredNumberScheduled ?? 0),
    integer('Current', ({ status }) => status.currentNumberScheduled ?? 0),
    integer('Ready', ({ status }) => status.numberReady ?? 0),
    integer('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0),
    integer('Available', ({ status }) => status.numberAvailable ?? 0),
    column('Node Selector', ({ spec }) => selectorText(spec.template?.spec?.nodeSelector)),
    ageColumn,
    ...workload,
  ],
  'apps/controllerrevisions': [
    nameColumn,
    column('Controller', ({ meta }) => {
      const owner = meta.ownerReferences?.find((o) => o.controller);
      return owner ? `${owner.kind.toLowerCase()}.apps/${owner.name}` : '<none>';
    }),
    column('Revision', ({ whole }) => whole.revision ?? 0),
    ageColumn,
  ],
  'batch/jobs': [
    nameColumn,
    column('Status', ({ status }) => {
      const condition = (status.conditions ?? []).find(
        (c: Loose) => ['Complete', 'Failed', 'Suspended'].includes(c.type) && c.status === 'True',
      );
      return condition?.type ?? 'Running';
    }),
    column('Completions', ({ spec, status }) =>
      spec.completions === undefined
        ? `${status.succeeded ?? 0}/1 of ${spec.parallelism ?? 1}`
        : `${status.succeeded ?? 0}/${spec.completions}`,
    ),
    column('Duration', ({ status }, now) => {
      if (!status.startTime) return '';
      const end = status.completionTime ? Date.parse(status.completionTime) : now;
      return duration((end - Date.parse(status.startTime)) / 1000);
    }),
    ageColumn,
    ...workload,
  ],
  'batch/cronjobs': [
    nameColumn,
    column('Schedule', ({ spec }) => spec.schedule ?? ''),
    column('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    column('Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False'), 'boolean'),
    integer('Active', ({ status }) => status.active?.length ?? 0),
    column('Last Schedule', ({ status }, now) =>
      status.lastScheduleTime ? age(status.lastScheduleTime, now) : '<none>',
    ),
    ageColumn,
    ...templateColumns((spec) => spec.jobTemplate?.spec),
  ],
  'autoscaling/horizontalpodautoscalers': [
    nameColumn,
    column('Reference', ({ spec }) => `${spec.scaleTargetRef?.kind}/${spec.scaleTargetRef?.name}`),
    column('Targets', ({ spec, status }) => hpaTargets(spec, status)),
    column('MinPods', ({ spec }) => String(spec.minReplicas ?? '<unset>')),
    column('MaxPods', ({ spec }) => spec.maxReplicas ?? 0),
    column('Replicas', ({ status }) => status.currentReplicas ?? 0),
    ageColumn,
  ],
  'policy/poddisruptionbudgets': [
    nameColumn,
    column('Min Available', ({ spec }) => bound(spec.minAvailable)),
    column('Max Unavailable', ({ spec }) => bound(spec.maxUnavailable)),
    integer('Allowed Disruptions', ({ status }) => status.disruptionsAllowed ?? 0),
    ageColumn,
  ],
  'discovery.k8s.io/endpointslices': [
    nameColumn,
    column('AddressType', ({ whole }) => whole.addressType ?? ''),
    column('Ports', ({ whole }) => (whole.ports ?? []).map((p: Loose) => p.port).join(',') || '<unset>'),
    column(
      'Endpoints',
      ({ whole }) => firstThree((whole.endpoints ?? []).map((e: Loose) => e.addresses?.[0])) || '<unset>',
    ),
    ageColumn,
  ],
  'coordination.k8s.io/leases': [nameColumn, column('Holder', ({ spec }) => spec.holderIdentity ?? ''), ageColumn],
  'networking.k8s.io/networkpolicies': [
    nameColumn,
    column('Pod-Selector', ({ spec }) => selectorText(spec.podSelector)),
    ageColumn,
  ],
  'networking.k8s.io/ingresses': [
    nameColumn,
    column('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    column('Hosts', ({ spec }) => (spec.rules ?? []).map((r: Loose) => r.host || '*').join(',') || '*'),
    column('Address', ({ status }) =>
      (status.loadBalancer?.ingress ?? []).map((i: Loose) => i.ip ?? i.hostname).join(','),
    ),
    column('Ports', ({ spec }) => (spec.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': [
    nameColumn,
    integer('Webhooks', ({ whole }) => whole.webhooks?.length ?? 0),
    ageColumn,
  ],
  'admissionregistration.k8s.io/validatingwebhookconfigurations': [
    nameColumn,
    integer('Webhooks', ({ whole }) => whole.webhooks?.length ?? 0),
    ageColumn,
  ],
  'rbac.authorization.k8s.io/rolebindings': binding,
  'rbac.authorization.k8s.io/clusterrolebindings': binding,
  'scheduling.k8s.io/priorityclasses': [
    nameColumn,
    integer('Value', ({ whole }) => whole.value ?? 0),
    column('Global-Default', ({ whole }) => whole.globalDefault ?? false, 'boolean'),
    ageColumn,
    column('PreemptionPolicy', ({ whole }) => whole.preemptionPolicy ?? 'PreemptLowerPriority'),
  ],
};

function replicaCounts(): Column[] {
  return [
    integer('Desired', ({ spec }) => spec.replicas ?? 0),
    integer('Current', ({ status }) => status.replicas ?? 0),
    integer('Ready', ({ status }) => status.readyReplicas ?? 0),
  ];
}

function address(status: Loose, type: string): string {
  return (status.addresses ?? []).find((a: Loose) => a.type === type)?.address ?? '<none>';
}

function externalIp(spec: Loose, status: Loose): string {
  const own: string[] = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '<none>';
  if (spec.type !== 'LoadBalancer') return own.join(',') || '<none>';
  const given: string[] = (status.loadBalancer?.ingress ?? []).map((i: Loose) => i.ip ?? i.hostname);
  return [...given, ...own].join(',') || '<pending>';
}

function endpointsText(subsets: Loose[]): string {
  const all = subsets.flatMap((s) =>
    (s.ports ?? []).flatMap((p: Loose) => (s.addresses ?? []).map((a: Loose) => `${a.ip}:${p.port}`)),
  );
  return firstThree(all) || '<none>';
}

function firstThree(all: string[]): string {
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',');
}

function hpaTargets(spec: Loose, status: Loose): string {
  const metrics: Loose[] = spec.metrics ?? [];
  return (
    metrics
      .map((m, i) => {
        const target = m.resource?.target?.averageUtilization;
        const current = status.currentMetrics?.[i]?.resource?.current?.averageUtilization;
        return `${m.resource?.name ?? m.type}: ${current === undefined ? '<unknown>' : `${current}%`}/${target === undefined ? '<auto>' : `${target}%`}`;
      })
      .join(', ') || '<none>'
  );
}
