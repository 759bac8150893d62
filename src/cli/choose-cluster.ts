// `malla cluster usar`: which cluster the other verbs work on.
import { type ChosenCluster, readChosen, writeChosen } from '../cluster/chosen.ts';
import { CodedError } from '../cluster/coded-error.ts';
import { mallaHome } from '../cluster/home.ts';
import { adoptKind } from '../cluster/kind/kind-cluster.ts';
import { usualName } from '../cluster/kind/kind-files.ts';
import type { Host } from './host.ts';
import { chooseKind, kindCluster } from './kind/use-kind.ts';

export const choosable = ['embebido', 'kind', 'kubeadm'] as const;

/** Rejects with CodedError when there is nothing of that kind to work on. */
export async function chooseCluster(
  host: Host,
  kind: (typeof choosable)[number],
  { nombre = usualName }: { nombre?: string } = {},
): Promise<ChosenCluster> {
  const home = mallaHome(host.env);
  switch (kind) {
    case 'embebido':
      await writeChosen(home, { kind });
      break;
    case 'kind': {
      const cluster = await kindCluster(host, nombre);
      await chooseKind(host, cluster, await adoptKind(cluster, { allowed: false }));
      break;
    }
    case 'kubeadm':
      if ((await readChosen(home)).kind !== 'kubeadm') throw notJoined();
  }
  return readChosen(home);
}

/** How a chosen cluster is named to people. */
export function describeChosen(chosen: ChosenCluster): string {
  switch (chosen.kind) {
    case 'embebido':
      return 'el clúster embebido (simulador)';
    case 'kind':
      return `el clúster kind «${chosen.name}»`;
    case 'kubeadm':
      return `el clúster de «${chosen.context}» (${chosen.server})`;
  }
}

function notJoined(): CodedError {
  return new CodedError({
    code: 'MALLA-CLU-32',
    happened: 'No hay ningún clúster kubeadm al que estés unido.',
    expected: 'Un clúster que hayas unido antes.',
    todo: 'Mira tus contextos con «malla kubeadm contextos» y únete con «malla kubeadm unir».',
  });
}
