// Kubernetes service discovery: pods, and the addresses behind Services, with the labels that relabelling reads.
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, integer, items, stringMap, text } from '../../../mesh/read.ts';
import type { Registry } from '../../contract.ts';
import type { TargetLabels } from './relabel.ts';
import type { ScrapeJob } from './scrape-config.ts';

export interface Target {
  job: ScrapeJob;
  /** `10.244.1.5:15020`. */
  address: string;
  path: string;
  /** Those of every series of the target: job, instance and what relabelling gave. */
  labels: TargetLabels;
  discovered: TargetLabels;
}

type Cluster = Pick<Registry, 'get' | 'list'>;
type Found = ReadonlyMap<string, string>;

/** Targets of a job, one for each address, path and set of labels. */
export function discover(job: ScrapeJob, cluster: Cluster): { active: Target[]; dropped: TargetLabels[] } {
  const found: Found[] = job.static.map(({ address, labels }) => new Map([...labels, ['__address__', address]]));
  for (const role of new Set(job.roles)) {
    if (role === 'pod') found.push(...podTargets(job, cluster));
    if (role === 'endpoints' || role === 'endpointslice') found.push(...serviceTargets(job, cluster));
  }
  const active = new Map<string, Target>();
  const dropped: TargetLabels[] = [];
  for (const labels of found) {
    const discovered = new Map([
      ['job', job.name],
      ['__metrics_path__', job.path],
      ['__scheme__', job.scheme],
      ...labels,
    ]);
    const target = targetOf(job, discovered);
    if (target) active.set([...target.labels, target.address, target.path].join('\n'), target);
    else dropped.push(discovered);
  }
  return { active: [...active.values()], dropped };
}

/** Pages over TLS need certificates that simulated programs do not have: they are not scraped. */
function targetOf(job: ScrapeJob, discovered: TargetLabels): Target | undefined {
  const labels = job.relabel(discovered);
  const address = labels?.get('__address__');
  if (!labels || !address || labels.get('__scheme__') === 'https') return undefined;
  const kept = new Map([...labels].filter(([name, value]) => !name.startsWith('__') && value !== ''));
  if (!kept.has('instance')) kept.set('instance', address);
  return { job, address, path: labels.get('__metrics_path__') ?? job.path, labels: kept, discovered };
}

function* podTargets(job: ScrapeJob, cluster: Cluster): Generator<Found> {
  for (const pod of within(job, cluster, 'pods')) {
    const address = text(fields(pod.status).podIP);
    if (!address) continue;
    const meta = podMeta(pod);
    const containers = items(fields(pod.spec).containers).map(fields);
    for (const container of containers) {
      const ports = items(container.ports).map(fields);
      for (const port of ports.length > 0 ? ports : [{}]) {
        const number = integer(port.containerPort);
        yield new Map([
          ...meta,
          ['__address__', number === undefined ? address : `${address}:${number}`],
          ['__meta_kubernetes_pod_container_name', text(container.name) ?? ''],
          ['__meta_kubernetes_pod_container_port_name', text(port.name) ?? ''],
          ['__meta_kubernetes_pod_container_port_number', number === undefined ? '' : String(number)],
        ]);
      }
    }
  }
}

function* serviceTargets(job: ScrapeJob, cluster: Cluster): Generator<Found> {
  for (const endpoints of within(job, cluster, 'endpoints')) {
    const { name, namespace } = endpoints.metadata;
    const service = cluster.get('services', namespace, name);
    for (const subset of items(endpoints.subsets).map(fields)) {
      for (const port of items(subset.ports).map(fields)) {
        for (const endpoint of items(subset.addresses).map(fields)) {
          const podName = text(fields(endpoint.targetRef).name);
          const pod = podName === undefined ? undefined : cluster.get('pods', namespace, podName);
          yield new Map([
            ...(pod ? podMeta(pod) : []),
            ...(service ? described('service', service) : []),
            ['__meta_kubernetes_namespace', namespace ?? ''],
            ['__meta_kubernetes_service_name', name],
            ['__meta_kubernetes_endpoint_port_name', text(port.name) ?? ''],
            ['__address__', `${text(endpoint.ip) ?? ''}:${integer(port.port) ?? ''}`],
          ]);
        }
      }
    }
  }
}

function within({ namespaces }: ScrapeJob, cluster: Cluster, resource: string): KubeObject[] {
  return namespaces ? namespaces.flatMap((namespace) => cluster.list(resource, namespace)) : cluster.list(resource);
}

function podMeta(pod: KubeObject): [string, string][] {
  const [spec, status] = [fields(pod.spec), fields(pod.status)];
  const ready = items(status.conditions)
    .map(fields)
    .find((c) => c.type === 'Ready');
  const { namespace = '', name, uid = '' } = pod.metadata;
  return [
    ...described('pod', pod),
    ['__meta_kubernetes_namespace', namespace],
    ['__meta_kubernetes_pod_name', name],
    ['__meta_kubernetes_pod_uid', uid],
    ['__meta_kubernetes_pod_ip', text(status.podIP) ?? ''],
    ['__meta_kubernetes_pod_host_ip', text(status.hostIP) ?? ''],
    ['__meta_kubernetes_pod_node_name', text(spec.nodeName) ?? ''],
    ['__meta_kubernetes_pod_phase', text(status.phase) ?? ''],
    ['__meta_kubernetes_pod_ready', ready?.status === 'True' ? 'true' : 'false'],
  ];
}

function described(what: 'pod' | 'service', { metadata }: KubeObject): [string, string][] {
  const named = (kind: 'label' | 'annotation', values: unknown): [string, string][] =>
    [...stringMap(values)].flatMap(([key, value]): [string, string][] => {
      const name = key.replaceAll(/[^a-zA-Z0-9_]/g, '_');
      return [
        [`__meta_kubernetes_${what}_${kind}_${name}`, value],
        [`__meta_kubernetes_${what}_${kind}present_${name}`, 'true'],
      ];
    });
  return [...named('label', metadata.labels), ...named('annotation', metadata.annotations)];
}
