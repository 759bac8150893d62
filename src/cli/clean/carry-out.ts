// Does what a clean-up's plan says.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stringify } from 'yaml';
import { type Left, removeAll } from '../../cluster/cleanup/remove.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import type { Cluster } from '../../cluster/contract.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { tools } from '../../tools/tools.ts';
import { type CleanPlan, titleOf } from './plan.ts';

export interface CarryOut {
  cluster: Cluster;
  /** Of the student's commands, KUBECONFIG included. */
  env: Record<string, string | undefined>;
  /** Also what is apart, and an Istio that Malla did not install. */
  others: boolean;
  signal: AbortSignal;
  /** Spanish, a line. */
  onProgress(line: string): void;
}

/** Milliseconds for what is deleted to be gone: a namespace with pods takes their thirty seconds of grace. */
const goneWithin = 120_000;

/** What is still there, and why. Rejects with ClusterError when the cluster goes away, or when aborted. */
export async function carryOut(
  plan: CleanPlan,
  { cluster, env, others, signal, onProgress }: CarryOut,
): Promise<Left[]> {
  const { client } = cluster;
  const refs = [...plan.remove, ...(others ? plan.apart : [])].map(({ ref }) => ref);
  const left = await removeAll(refs, {
    client,
    signal,
    deadline: goneWithin,
    onRemoved: (ref) => onProgress(`borrado: ${titleOf(ref)}`),
  });
  if (plan.restore.length > 0) {
    await applyForms(
      plan.restore.map(({ form }) => form),
      env,
      signal,
    );
    for (const { ref } of plan.restore) onProgress(`como antes: ${titleOf(ref)}`);
  }
  for (const { namespace, key } of plan.labels) {
    const patch = { metadata: { labels: { [key]: null } } };
    await client.patch({ apiVersion: 'v1', kind: 'Namespace', name: namespace }, 'merge', patch);
    onProgress(`quitada la etiqueta ${key} de ${namespace}`);
  }
  if (plan.istio && (plan.istio.ours || others)) left.push(...(await removeIstio(cluster, env, signal, onProgress)));
  return left;
}

async function removeIstio(
  { client }: Cluster,
  env: CarryOut['env'],
  signal: AbortSignal,
  onProgress: CarryOut['onProgress'],
): Promise<Left[]> {
  await runTool('istioctl', ['uninstall', '--purge', '-y'], env, signal);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'istio-system' };
  const left = await removeAll([namespace], { client, signal, deadline: goneWithin });
  // What istiod gave to each namespace has nobody to look after it any more.
  const given = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', labelSelector: 'istio.io/config=true' });
  const orphans = given.filter((o) => o.metadata.name.startsWith('istio-ca-'));
  left.push(...(await removeAll(orphans.map(refOfMap), { client, signal, deadline: goneWithin })));
  onProgress('quitado: Istio, con sus CRD y su espacio istio-system');
  return left;
}

function refOfMap({ metadata: { name, namespace = 'default' } }: KubeObject) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
}

/** As kubectl does it, so that a later `kubectl apply` of the student's finds what it expects. */
async function applyForms(forms: readonly KubeObject[], env: CarryOut['env'], signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'malla-limpiar-'));
  try {
    const file = join(folder, 'formas.yaml');
    await writeFile(file, forms.map((form) => stringify(form)).join('---\n'));
    await runTool('kubectl', ['apply', '-f', file], env, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runTool(
  name: 'kubectl' | 'istioctl',
  args: string[],
  env: CarryOut['env'],
  signal: AbortSignal,
  attempts = 3,
): Promise<void> {
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  const stdin = new PassThrough();
  stdin.end();
  const streams = { stdin, stdout: output, stderr: output };
  const exitCode = await tools[name](args, { streams, env, cwd: tmpdir(), signal });
  if (exitCode === 0) return;
  // Both may be done again: a busy API server is not the end of it.
  if (attempts > 1) return runTool(name, args, env, signal, attempts - 1);
  throw new CodedError({
    code: 'MALLA-IST-28',
    happened: `«${name} ${args.join(' ')}» no ha terminado bien: ${Buffer.concat(chunks).toString('utf8').trim().slice(-400)}`,
    expected: 'Que el clúster aceptara todo lo que quita o devuelve la limpieza.',
    todo: 'Repite «malla limpiar»: sigue por donde iba.',
  });
}
