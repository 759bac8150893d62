// What a step of a lab needs that a cluster may not have, and whether it has it: facts read from the cluster, never its name.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../../../src/cluster/contract.ts';
import type { Lab, Step } from '../../../src/labs/lab.ts';
import { fields, items, text } from '../../../src/mesh/read.ts';

export interface Needs {
  images: string[];
  /** Counters that only Istio's own filter in the proxies makes. */
  metrics: boolean;
  /** Machines that `malla ssh` reaches: only the embedded place to work has them. */
  machines: boolean;
}

/** Of what the author wrote for the step: its solution's files and commands, and what its checks ask. */
export function needsOf(lab: Lab, step: Step): Needs {
  const kinds = new Set(step.checks.map((check) => check.type));
  const elsewhere = lab.steps.flatMap((s) => s.solution);
  // Who asks Jaeger or Prometheus needs what an earlier step of the lab deploys.
  const asked = [kinds.has('traza') ? 'jaeger' : undefined, kinds.has('metrica') ? 'prometheus' : undefined];
  const tools = imagesIn(elsewhere).filter((image) => asked.some((name) => name && image.includes(name)));
  return {
    images: [...new Set([...imagesOf(step), ...tools])],
    metrics: step.checks.some((check) => check.type === 'metrica' && JSON.stringify(check.pattern).includes('istio_')),
    machines: lab.machines === true && lab.steps.indexOf(step) <= lab.steps.findLastIndex(isOnMachines),
  };
}

/** Of the containers that its solution ends with; not of a tool that is put there to be looked at and nobody waits for. */
function imagesOf({ solution, checks }: Step): string[] {
  const commands = solution.flatMap((a) => (a.type === 'run' ? [a.argv.join(' ')] : []));
  const looked = JSON.stringify(checks.map((check) => check.pattern));
  const contained = solution.flatMap((a) => (a.type === 'file' ? containersIn(a.content) : []));
  const replaced = (c: Contained): boolean =>
    commands.some((line) => line.startsWith(`kubectl set image deployment/${c.workload} ${c.container}=`));
  const minded = ({ namespace, workload }: Contained): boolean =>
    namespace !== 'istio-system' ||
    commands.some((line) => line.includes(`deployment/${workload}`)) ||
    looked.includes(`"${workload}"`);
  return [
    ...contained.filter((c) => minded(c) && !replaced(c)).map((c) => c.image),
    ...commands.flatMap((line) =>
      [...line.matchAll(/(?:--image[= ]|set image deployment\/\S+ \S+=)([\w./:@-]+)/g)].map((m) => m[1] ?? ''),
    ),
  ];
}

interface Contained {
  namespace: string;
  workload: string;
  container: string;
  image: string;
}

function containersIn(content: string): Contained[] {
  return parseAllDocuments(content).flatMap((document) => {
    const { metadata, spec } = fields(document.toJS());
    const { name, namespace } = fields(metadata);
    const pod = fields(fields(fields(spec).template).spec ?? spec);
    return [...items(pod.initContainers), ...items(pod.containers)].map(fields).map((container) => ({
      namespace: text(namespace) ?? '',
      workload: text(name) ?? '',
      container: text(container.name) ?? '',
      image: text(container.image) ?? '',
    }));
  });
}

/** What comes before the last of them makes the cluster itself, and is not to be done again on one that exists. */
function isOnMachines(step: Step): boolean {
  return step.solution.some((action) => action.type === 'run' && action.argv[0] === 'malla');
}

/** Spanish: why the step cannot be tried on this cluster; undefined when it can. */
export type Lacks = (needs: Needs) => Promise<string | undefined>;

export function createLacks(client: KubeClient): Lacks {
  const pulled = new Map<string, Promise<boolean>>();
  let counts: Promise<boolean> | undefined;
  return async ({ images, metrics, machines }) => {
    if (machines) return 'necesita entrar en las máquinas';
    for (const image of images) {
      const can = pulled.get(image) ?? canPull(client, image);
      pulled.set(image, can);
      if (!(await can)) return `necesita la imagen ${image}, que este clúster no consigue`;
    }
    counts ??= proxiesCount(client);
    if (metrics && !(await counts))
      return 'necesita métricas de Istio, y los proxies de este clúster no llevan su filtro istio.stats';
    return undefined;
  };
}

function imagesIn(actions: Step['solution']): string[] {
  return actions.flatMap((a) => (a.type === 'file' ? containersIn(a.content).map((c) => c.image) : []));
}

/** The proxy tells which extensions it was built with; without istio.stats nobody counts requests. */
async function proxiesCount(client: KubeClient): Promise<boolean> {
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', labelSelector: 'istio=ingressgateway' });
  const pod = pods.find((p) => fields(p.status).phase === 'Running');
  if (!pod) return true;
  const { name, namespace = 'istio-system' } = pod.metadata;
  const { stdout } = await client.exec({
    namespace,
    pod: name,
    container: 'istio-proxy',
    command: ['pilot-agent', 'request', 'GET', 'config_dump?mask=bootstrap.node.extensions'],
  });
  return stdout.includes('"istio.stats"');
}

const nowhere = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

/** Asked to the nodes, by a pod of its own that is taken away at once. */
async function canPull(client: KubeClient, image: string): Promise<boolean> {
  const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
  if (nodes.some((node) => namesOn(node.status).some((name) => name === image || name === longName(image))))
    return true;
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-public', name: `imagen-${randomUUID().slice(0, 8)}` };
  const { name, namespace } = ref;
  await client.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'imagen', image, command: ['/nada'] }] },
  });
  try {
    for (const end = Date.now() + 120_000; Date.now() < end; await wait(500)) {
      const [status] = items(fields((await client.get(ref))?.status).containerStatuses).map(fields);
      const reason = text(fields(fields(status?.state).waiting).reason);
      if (reason && nowhere.has(reason)) return false;
      // Pulled: what it runs does not matter.
      if (text(status?.imageID) || (reason && reason !== 'ContainerCreating')) return true;
    }
    return false;
  } finally {
    await client.remove(ref);
  }
}

function namesOn(status: unknown): string[] {
  return items(fields(status).images).flatMap((image) =>
    items(fields(image).names).filter((n) => typeof n === 'string'),
  );
}

function longName(image: string): string {
  const parts = image.split('/');
  if (parts.length === 1) return `docker.io/library/${image}`;
  return /[.:]/.test(parts[0] ?? '') ? image : `docker.io/${image}`;
}
