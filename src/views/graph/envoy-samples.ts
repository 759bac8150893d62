// Envoy's counters told as the samples of the graph. A Service with one workload stands for it. One with several becomes a node of its
// own: a client's proxy counts what it sends to the Service, a server's what comes in, and nobody tells who sent that.
import type { Sample } from '../../cluster/prometheus.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { hasLabels } from '../../mesh/read.ts';
import { indexServices, type MeshService } from '../../mesh/services.ts';
import { readClusterName, serviceOfHost } from '../metrics/envoy-cluster.ts';
import type { GraphSamples } from './build-graph.ts';
import type { GraphNode } from './mesh-graph.ts';
import { nodeOfPod, OUTSIDE } from './workloads.ts';

/** One answer for each of envoyQueries. */
export interface EnvoyAnswers {
  all: readonly Sample[];
  failed: readonly Sample[];
  recent: readonly Sample[];
}

/** `objects`: the pods and Services of the cluster. */
export function envoySamples(answers: EnvoyAnswers, objects: readonly KubeObject[]): GraphSamples {
  const scene = createScene(objects);
  const failed = new Map(answers.failed.map((s) => [keyOf(s), s.value]));
  const client = callsOf(answers.all, scene).flatMap(({ labels, sample }) => {
    const wrong = Math.min(failed.get(keyOf(sample)) ?? 0, sample.value);
    const answered = { labels: { ...labels, response_code: '200' }, value: sample.value - wrong };
    return wrong > 0 ? [answered, { labels: { ...labels, response_code: '500' }, value: wrong }] : [answered];
  });
  const recent = callsOf(answers.recent, scene).map(({ labels, sample }) => ({ labels, value: sample.value }));
  return { ...NONE, client, recent };
}

const NONE: GraphSamples = {
  client: [],
  server: [],
  tcp: [],
  mutual: [],
  received: [],
  recent: [],
  p50: [],
  p95: [],
  p99: [],
};

type Labels = Record<string, string>;

interface Call {
  labels: Labels;
  sample: Sample;
}

/** Those that begin at a Service come after those that end there. */
function callsOf(samples: readonly Sample[], scene: Scene): Call[] {
  const out = samples.flatMap((sample) => callOut(sample, scene));
  const reached = new Set(out.map(({ labels }) => destinationOf(labels)));
  return [...out, ...samples.flatMap((sample) => callIn(sample, scene, reached))];
}

function callOut(sample: Sample, scene: Scene): Call[] {
  const { namespace, pod, cluster_name = '' } = sample.labels;
  const cluster = readClusterName(cluster_name);
  const from = scene.nodeOf(namespace, pod);
  if (!from || cluster?.direction !== 'outbound') return [];
  const named = serviceOfHost(cluster.host);
  const service = named && scene.services.find((s) => s.name === named.name && s.namespace === named.namespace);
  const [only, another] = service ? scene.behind(service) : [];
  const to =
    only && !another
      ? end('destination', only)
      : { destination_workload: 'unknown', destination_workload_namespace: 'unknown' };
  const labels = {
    ...end('source', from),
    ...to,
    destination_service_name: named?.name ?? cluster.host,
    destination_service_namespace: named?.namespace ?? OUTSIDE,
    request_protocol: 'http',
  };
  return [{ labels, sample }];
}

/** A client whose proxy keeps no counters, or has none: who it is nobody tells. */
const SOMEBODY = 'origen desconocido';

/** What comes to a workload is drawn from its Service, or from outside when no proxy calls it; else the callers tell the same. */
function callIn(sample: Sample, scene: Scene, reached: ReadonlySet<string>): Call[] {
  const { namespace = '', pod: name, cluster_name = '' } = sample.labels;
  const to = scene.nodeOf(namespace, name);
  const pod = scene.podOf(namespace, name);
  if (!to || !pod || readClusterName(cluster_name)?.direction !== 'inbound') return [];
  const arrived = end('destination', to);
  if (reached.has(destinationOf(arrived))) return [];
  const selecting = scene.services.filter((s) => selectsPod(s, pod));
  const through = selecting.find((s) => reached.has(`${s.namespace}/servicio ${s.name}`));
  const from = through
    ? { source_workload: `servicio ${through.name}`, source_workload_namespace: through.namespace }
    : { source_workload: SOMEBODY, source_workload_namespace: OUTSIDE };
  const service = through ?? selecting[0];
  const labels = {
    ...from,
    ...arrived,
    destination_service_name: service?.name ?? to.app,
    destination_service_namespace: service?.namespace ?? namespace,
    request_protocol: 'http',
  };
  return [{ labels, sample }];
}

function destinationOf(labels: Labels): string {
  const { destination_workload: workload, destination_workload_namespace: namespace } = labels;
  if (workload !== 'unknown') return `${namespace}/${workload}`;
  return `${labels.destination_service_namespace}/servicio ${labels.destination_service_name}`;
}

interface Scene {
  nodeOf(namespace: string | undefined, pod: string | undefined): GraphNode | undefined;
  podOf(namespace: string | undefined, pod: string | undefined): KubeObject | undefined;
  services: readonly MeshService[];
  /** Workloads behind a Service. */
  behind(service: MeshService): readonly GraphNode[];
}

function createScene(objects: readonly KubeObject[]): Scene {
  const pods = new Map<string, KubeObject>();
  for (const pod of objects) if (pod.kind === 'Pod') pods.set(`${pod.metadata.namespace}/${pod.metadata.name}`, pod);
  const services = [...indexServices(objects).all()];
  const known = new Map<MeshService, readonly GraphNode[]>();
  const podOf: Scene['podOf'] = (namespace, pod) => pods.get(`${namespace}/${pod}`);
  return {
    podOf,
    nodeOf(namespace, name) {
      const pod = podOf(namespace, name);
      return pod && nodeOfPod(pod);
    },
    services,
    behind(service) {
      const found = known.get(service) ?? workloadsBehind(service, pods.values());
      known.set(service, found);
      return found;
    },
  };
}

function workloadsBehind(service: MeshService, pods: Iterable<KubeObject>): readonly GraphNode[] {
  const nodes = new Map<string, GraphNode>();
  for (const pod of pods) {
    const node = selectsPod(service, pod) ? nodeOfPod(pod) : undefined;
    if (node) nodes.set(node.id, node);
  }
  return [...nodes.values()];
}

function selectsPod({ namespace, selector }: MeshService, { metadata }: KubeObject): boolean {
  return selector.size > 0 && metadata.namespace === namespace && hasLabels(metadata.labels, selector);
}

function end(side: 'source' | 'destination', { workload, namespace, app, version }: GraphNode): Labels {
  return {
    [`${side}_workload`]: workload,
    [`${side}_workload_namespace`]: namespace,
    [`${side}_canonical_service`]: app,
    [`${side}_canonical_revision`]: version,
  };
}

function keyOf({ labels }: Sample): string {
  return `${labels.namespace}/${labels.pod}/${labels.cluster_name}`;
}
