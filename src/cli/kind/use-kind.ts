// Everything about a kind cluster that more than one verb does.
import { writeChosen } from '../../cluster/chosen.ts';
import { mallaHome } from '../../cluster/home.ts';
import type { KindCluster, KindStatus } from '../../cluster/kind/kind-cluster.ts';
import { kindFiles } from '../../cluster/kind/kind-files.ts';
import { findKindTools } from '../../cluster/kind/tools.ts';
import type { Host } from '../host.ts';

/** Rejects with CodedError: a program that is missing or does not serve. */
export async function kindCluster(host: Host, name: string): Promise<KindCluster> {
  const home = mallaHome(host.env);
  const files = kindFiles(home, name);
  const tools = await findKindTools({ home, env: host.env, signal: host.signal });
  return { tools, files, name, signal: host.signal };
}

/** From now on every verb works on it. */
export async function chooseKind(host: Host, { name, files }: KindCluster, status: KindStatus): Promise<void> {
  const { entry, secureEntry } = status;
  await writeChosen(mallaHome(host.env), {
    kind: 'kind',
    name,
    kubeconfig: files.kubeconfig,
    ...(entry === undefined ? {} : { entry }),
    ...(secureEntry === undefined ? {} : { secureEntry }),
  });
}

export function describeKind({ name, files }: KindCluster, status: KindStatus): string {
  const nodes = status.nodes.map(({ name, running }) => `    ${running ? '✔' : '✘'} ${name}\n`).join('');
  const owner = { malla: 'lo ha hecho Malla', adoptado: 'adoptado', ajeno: 'no es de Malla' }[status.owner ?? 'ajeno'];
  const published = status.entry === undefined ? '' : `  publicado:  ${status.entry}\n`;
  const state = status.unfinished ? 'a medio crear' : status.state;
  return `Clúster kind «${name}»: ${state} (${owner}).\n${nodes}  kubeconfig: ${files.kubeconfig}\n${published}`;
}
