// A kind cluster through its life: what it is now, adopting it, stopping, starting and deleting it.
import { chmod, rm } from 'node:fs/promises';
import { connect } from '../client.ts';
import { ClusterError } from '../cluster-error.ts';
import { knownNodePorts } from '../entry/known-node-ports.ts';
import { writePrivateFile } from '../private-file.ts';
import { runProgram } from '../programs/run-program.ts';
import { madeLabel } from './config.ts';
import { removeKind } from './create.ts';
import { cannotWriteKubeconfig, noCluster, notMadeByMalla, notOurs } from './errors.ts';
import type { KindFiles } from './kind-files.ts';
import { type KindNode, listNodes, startNodes, stopNodes } from './nodes.ts';
import { type KindRecord, readRecord, writeRecord } from './record.ts';
import type { KindTools } from './tools.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface KindCluster {
  tools: KindTools;
  files: KindFiles;
  name: string;
  signal: AbortSignal;
}

export interface KindStatus {
  state: 'no hay' | 'en marcha' | 'parado' | 'a medias';
  nodes: KindNode[];
  /** `malla`: this Malla made it. `adoptado`: it was let use it. `ajeno`: neither, as far as is known here. */
  owner?: 'malla' | 'adoptado' | 'ajeno';
  /** Malla was killed while it made it. */
  unfinished?: true;
  /** Addresses of this machine that are published for the known NodePorts. */
  entry?: string;
  secureEntry?: string;
}

/** Rejects with CodedError when the runtime cannot be asked. */
export async function statusOfKind({ tools, files, name, signal }: KindCluster): Promise<KindStatus> {
  const [nodes, record] = await Promise.all([listNodes(tools, name, signal), readRecord(files)]);
  if (nodes.length === 0) return { state: 'no hay', nodes };
  const running = nodes.filter((node) => node.running).length;
  const [entry, secureEntry] = [published(nodes, 'plain'), published(nodes, 'secure')];
  return {
    state: running === nodes.length ? 'en marcha' : running === 0 ? 'parado' : 'a medias',
    nodes,
    owner: isOf(record, nodes) ? (record?.made ? 'malla' : 'adoptado') : 'ajeno',
    ...(isLeftOf(record, nodes) ? { unfinished: true } : {}),
    ...(entry === undefined ? {} : { entry }),
    ...(secureEntry === undefined ? {} : { secureEntry }),
  };
}

/**
 * From now on Malla works on a cluster that was there: it is started if it was stopped, and its kubeconfig is written.
 * One that no Malla made is only taken with `allowed`. Rejects with CodedError.
 */
export async function adoptKind(cluster: KindCluster, { allowed }: { allowed: boolean }): Promise<KindStatus> {
  const { tools, files, name, signal } = cluster;
  const status = await statusOfKind(cluster);
  if (status.state === 'no hay') throw noCluster(name);
  // A stranger's is not even started before that is allowed.
  const ours = status.owner !== 'ajeno' || (status.state === 'en marcha' && (await hasLabel(cluster)));
  if (!ours && !allowed) throw notOurs(name);
  const since = status.state === 'en marcha' ? {} : { since: Date.now() };
  await startNodes(tools, status.nodes, signal);
  await writeKubeconfig(cluster);
  await waitUntilReady(files.kubeconfig, { count: status.nodes.length, timeout: 300_000, signal, ...since });
  if (status.owner === 'ajeno')
    await writeRecord(files, { containers: status.nodes.map((n) => n.id), made: await hasLabel(cluster) });
  return statusOfKind(cluster);
}

/** False when it was stopped already. Rejects with CodedError. */
export async function stopKind(cluster: KindCluster): Promise<boolean> {
  const { nodes } = await known(cluster);
  if (nodes.every((node) => !node.running)) return false;
  await stopNodes(cluster.tools, nodes, cluster.signal);
  return true;
}

/** Resolves when all its nodes are Ready; false when they were running already. Rejects with CodedError. */
export async function startKind(cluster: KindCluster): Promise<boolean> {
  const { nodes } = await known(cluster);
  const stopped = nodes.some((node) => !node.running);
  const since = stopped ? { since: Date.now() } : {};
  await startNodes(cluster.tools, nodes, cluster.signal);
  await writeKubeconfig(cluster);
  const { files, signal } = cluster;
  await waitUntilReady(files.kubeconfig, { count: nodes.length, timeout: 300_000, signal, ...since });
  return stopped;
}

/** Only one that Malla made. Rejects with CodedError. */
export async function deleteKind(cluster: KindCluster): Promise<void> {
  const { owner } = await known(cluster);
  if (owner !== 'malla') throw notMadeByMalla(cluster.name);
  await removeKind(cluster);
}

async function known(cluster: KindCluster): Promise<KindStatus> {
  const status = await statusOfKind(cluster);
  if (status.state === 'no hay') throw noCluster(cluster.name);
  if (status.owner === 'ajeno') throw notOurs(cluster.name);
  return status;
}

function isOf(record: KindRecord | undefined, nodes: readonly KindNode[]): boolean {
  return isLeftOf(record, nodes) || nodes.every((node) => record?.containers.includes(node.id));
}

function isLeftOf(record: KindRecord | undefined, nodes: readonly KindNode[]): boolean {
  const { since } = record ?? {};
  return since !== undefined && nodes.every((node) => node.created >= since);
}

function published(nodes: readonly KindNode[], which: keyof typeof knownNodePorts): string | undefined {
  const scheme = which === 'plain' ? 'http' : 'https';
  for (const { published } of nodes) {
    const at = published[knownNodePorts[which]];
    if (at) return `${scheme}://${at.host === '0.0.0.0' ? '127.0.0.1' : at.host}:${at.port}`;
  }
  return undefined;
}

/** kind's own, without touching the one of the user. */
async function readKubeconfig({ tools, name, signal }: KindCluster): Promise<string> {
  const args = ['get', 'kubeconfig', '--name', name];
  return (await runProgram({ program: tools.kind, args, timeout: 30_000, env: tools.env, signal })).stdout;
}

async function writeKubeconfig(cluster: KindCluster): Promise<void> {
  const content = await readKubeconfig(cluster);
  const { kubeconfig } = cluster.files;
  try {
    await writePrivateFile(kubeconfig, content);
    await chmod(kubeconfig, 0o600);
  } catch (cause) {
    throw cannotWriteKubeconfig(kubeconfig, cause);
  }
}

/** Whether some Malla made it, in whatever folder: its nodes say so. */
async function hasLabel(cluster: KindCluster): Promise<boolean> {
  const look = `${cluster.files.kubeconfig}.mirada`;
  const [[key, value] = ['', '']] = Object.entries(madeLabel);
  await writePrivateFile(look, await readKubeconfig(cluster));
  try {
    const nodes = await connect(look).list({ apiVersion: 'v1', kind: 'Node' });
    return nodes.length > 0 && nodes.every((node) => node.metadata.labels?.[key] === value);
  } catch (error) {
    if (error instanceof ClusterError) return false;
    throw error;
  } finally {
    await rm(look, { force: true });
  }
}
