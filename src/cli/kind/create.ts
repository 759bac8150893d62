// `malla kind crear`: looks first, asks what has to be asked, makes the cluster and chooses it.
import { CodedError } from '../../cluster/coded-error.ts';
import { portsOf } from '../../cluster/kind/config.ts';
import { createKind, removeKind } from '../../cluster/kind/create.ts';
import { adoptKind, type KindCluster, type KindStatus, statusOfKind } from '../../cluster/kind/kind-cluster.ts';
import { readMachine } from '../../cluster/kind/machine.ts';
import { chooseImage, hasImage } from '../../cluster/kind/node-image.ts';
import { impossible, preflight } from '../../cluster/kind/preflight.ts';
import { askYes } from '../ask-yes.ts';
import { bundledNodeImage, bundleInUse, loadInto } from '../bundle/put-to-use.ts';
import type { Host } from '../host.ts';
import { chooseKind, kindCluster } from './use-kind.ts';

export interface CreateOptions {
  nombre: string;
  nodos?: 1 | 3;
  imagen?: string;
  puertos: boolean;
  comprobar: boolean;
  plazos: number;
  adoptar?: boolean;
  si?: boolean;
}

export interface Created {
  cluster: KindCluster;
  status: KindStatus;
  /** It was there before. */
  adopted: boolean;
}

/** Undefined when the student said no. Rejects with CodedError. */
export async function createAndChoose(host: Host, options: CreateOptions): Promise<Created | undefined> {
  const cluster = await kindCluster(host, options.nombre);
  const before = await statusOfKind(cluster);
  if (before.unfinished) {
    host.stderr.write('Un intento anterior se quedó a medias: lo borro y empiezo de nuevo.\n');
    await removeKind(cluster);
  }
  const adopted = before.state !== 'no hay' && !before.unfinished;
  if (adopted) await adoptKind(cluster, { allowed: options.adoptar ?? false });
  else if (!(await create(host, cluster, options))) return undefined;
  const status = await statusOfKind(cluster);
  await chooseKind(host, cluster, status);
  return { cluster, status, adopted };
}

/** False when the student does not want the download. */
async function create(host: Host, cluster: KindCluster, options: CreateOptions): Promise<boolean> {
  const { tools, signal } = cluster;
  const image = chooseImage(options.imagen, host.env, await bundledNodeImage(host));
  const ports = portsOf({ publish: options.puertos });
  const [machine, local] = await Promise.all([readMachine({ tools, ports, signal }), hasImage(tools, image, signal)]);
  const looked = preflight(machine, ports);
  const refusal = options.comprobar ? impossible(looked) : undefined;
  if (refusal) throw refusal;
  for (const { level, title, cure } of looked.findings)
    if (level === 'aviso') host.stderr.write(`Aviso: ${title}. ${cure ?? ''}\n`);
  const question = `La imagen de los nodos, ${image}, no está en esta máquina: es una descarga de 1 GB. ¿La bajo?`;
  if (!local && !(await askYes(host, question, options))) return false;
  const shape = { nodes: options.nodos ?? looked.nodes, image, publish: options.puertos };
  try {
    await createKind({
      ...cluster,
      shape,
      deadlineOf: ({ deadline }) => deadline * options.plazos,
      onProgress: ({ title, percent }) => host.stderr.write(`[${String(percent).padStart(3)} %] ${title}…\n`),
    });
  } catch (error) {
    if (signal.aborted && !isLeftover(error)) host.stderr.write('Cancelado: lo que se había creado se ha borrado.\n');
    throw error;
  }
  const bundle = await bundleInUse(host);
  if (bundle) await loadInto(cluster, bundle, (line) => void host.stderr.write(`${line}\n`));
  return true;
}

function isLeftover(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'MALLA-KND-26';
}
