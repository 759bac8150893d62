// The real cluster as a place to try labs on, attached in two ways, and what it has of the course already.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { reachCluster, studentEnvironment } from '../../../src/cli/access.ts';
import { previousLabs } from '../../../src/cli/course.ts';
import type { Host } from '../../../src/cli/host.ts';
import { malla } from '../../../src/cli/malla.ts';
import { solveStep } from '../../../src/cli/solve-step.ts';
import { doAll, type Place } from '../../../src/cli/trial/trial.ts';
import type { KubeClient } from '../../../src/cluster/contract.ts';
import type { Lab } from '../../../src/labs/lab.ts';
import { hostFor } from '../../integration/support/sandbox.ts';

/** How a real cluster may be attached. */
export type Attached = 'kind' | 'kubeadm';

/**
 * The cluster of the kubeconfig as a person has Malla attach it: adopted by its name where kind made it, joined by its
 * kubeconfig as kubeadm's. With two ways, what is done is judged by both, and done the second time by the second.
 */
export async function realPlace([first, ...others]: readonly Attached[], kubeconfig: string): Promise<Place> {
  if (first === undefined) throw new Error('no way to attach');
  const place = await attach(first, kubeconfig);
  const shared = process.env.MALLA_REAL_NAMESPACES?.split(',');
  return {
    ...place,
    beside: await Promise.all(others.map((way) => attach(way, kubeconfig))),
    ...(shared && { looking: within(place.cluster.client, new Set(shared)) }),
  };
}

async function attach(way: Attached, kubeconfig: string): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'malla-real-'));
  const host = hostFor(home);
  const { 'current-context': context = '' } = parse(await readFile(kubeconfig, 'utf8')) as Record<string, string>;
  await mallaMust(
    host,
    way === 'kind'
      ? ['kind', 'crear', '--nombre', context.replace(/^kind-/, ''), '--adoptar', '--si']
      : ['kubeadm', 'unir', '--kubeconfig', kubeconfig, '--todo-el-cluster', '--confirmo', context, '--si'],
  );
  const cluster = await reachCluster(host, {});
  const env = await studentEnvironment(host, cluster.access.kubeconfig);
  return { cluster, host, env, folder: join(home, 'trabajo') };
}

async function mallaMust(host: Host, argv: readonly string[]): Promise<void> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let told = '';
  for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const code = await malla(argv, { ...host, stdout, stderr });
  if (code !== 0) throw new Error(`malla ${argv.join(' ')}: ${code}\n${told}`);
}

/** On a cluster where others work too: their namespaces, and what belongs to no namespace, are not looked at. */
function within(client: KubeClient, namespaces: ReadonlySet<string>): KubeClient {
  return {
    ...client,
    list: async (query) =>
      (await client.list(query)).filter(({ kind, metadata }) =>
        kind === 'Namespace' ? namespaces.has(metadata.name) : namespaces.has(metadata.namespace ?? ''),
      ),
  };
}

export async function versionsOf({ cluster }: Place): Promise<Record<string, string>> {
  const { serverVersion, nodes, istio } = await cluster.facts();
  return { Kubernetes: serverVersion, Istio: istio?.version ?? 'sin instalar', nodos: String(nodes.length) };
}

/** Labs whose end is the state that others begin from, told by what they leave in the cluster. */
const leaves: Record<string, { apiVersion: string; kind: string; namespace: string; name: string }> = {
  instalacion: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'istio-egressgateway' },
  inyeccion: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'hello' },
  bookinfo: { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', namespace: 'default', name: 'bookinfo-gateway' },
};

async function isDone(client: KubeClient, lab: string): Promise<boolean> {
  const left = leaves[lab];
  return left !== undefined && (await client.get(left)) !== undefined;
}

/**
 * The state that `lab` begins from: what other labs left is cleaned up, and what it starts from and stays in the cluster is
 * solved. The rest of what it needs is returned, to be solved and cleaned up.
 */
export async function prepare(lab: Lab, course: readonly Lab[], place: Place): Promise<Lab[]> {
  const previous = previousLabs(course, lab);
  for (const left of course.filter(({ id }) => leaves[id] !== undefined).toReversed()) {
    if (previous.some(({ id }) => id === left.id) || !(await isDone(place.cluster.client, left.id))) continue;
    // Another Malla may have done it: what is cleaned up is named by files that are not in this one's folder.
    const files = left.steps.flatMap((step) => step.solution.filter((action) => action.type === 'file'));
    await doAll([...files, ...left.cleanup], left, place);
    if (await isDone(place.cluster.client, left.id)) throw new Error(`${left.id} could not be cleaned up.`);
  }
  const missing: Lab[] = [];
  for (const earlier of previous) {
    if (await isDone(place.cluster.client, earlier.id)) continue;
    if (!leaves[earlier.id]) missing.push(earlier);
    else await solve(earlier, place);
  }
  for (const { cluster } of [place, ...(place.beside ?? [])]) await cluster.refreshEntry?.();
  return missing;
}

async function solve(lab: Lab, { cluster, host, env, folder }: Place): Promise<void> {
  for (const step of lab.steps) {
    const { state, checks } = await solveStep(lab, step, cluster, host, { where: folder, env });
    const wrong = checks.find((c) => c.verdict.state !== 'correcto');
    if (wrong) throw new Error(`${lab.id}/${step.id} is ${state}: ${wrong.id}: ${wrong.verdict.observed}`);
  }
}
