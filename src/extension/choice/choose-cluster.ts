// «Elegir clúster…»: which one the labs work on. Everything is done by the `malla` program.
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';
import { clusterName } from '../tree/cluster-name.ts';
import { readKindStatus } from './answers.ts';
import { attachCluster } from './attach-cluster.ts';
import type { ChoiceOptions } from './choice-options.ts';
import { createKind } from './create-kind.ts';

type Way = 'embebido' | 'kind' | 'kubeadm' | 'crear' | 'unir' | 'soltar';

interface Choice extends vscode.QuickPickItem {
  way: Way;
}

export async function chooseCluster(options: ChoiceOptions): Promise<void> {
  const { cluster } = options;
  await cluster.refresh();
  const chosen = await vscode.window.showQuickPick(choicesOf(options), {
    placeHolder: t('Ahora: {0}. ¿En qué clúster quieres trabajar?', clusterName(cluster.now.identity)),
  });
  if (!chosen) return;
  if (chosen.way === 'crear') return createKind(options);
  if (chosen.way === 'unir') return attachCluster(options);
  if (chosen.way === 'soltar') return releaseCluster(options);
  if (chosen.way === cluster.now.identity.kind) return;
  await change(options, ['cluster', 'usar', chosen.way]);
}

/** Lets go of a cluster that exists without Malla; nothing in it changes. */
export async function releaseCluster(options: ChoiceOptions): Promise<void> {
  await change(options, ['kubeadm', 'soltar']);
}

async function change({ cluster, onChanged }: ChoiceOptions, args: readonly string[]): Promise<void> {
  const { problem } = await cluster.change(args);
  if (problem) return showProblem(problem);
  await onChanged();
}

async function choicesOf({ program, cluster }: ChoiceOptions): Promise<Choice[]> {
  const { kind, name } = cluster.now.identity;
  const used = (way: Way): string => (way === kind ? t('en uso') : '');
  // Without Docker, or without kind, there is none: it is told to who wants to make one.
  const there = readKindStatus((await program.run(['kind', 'estado', '--json'])).value);
  const kinds: Choice[] =
    there && there.state !== 'no hay'
      ? [
          {
            way: 'kind',
            label: `$(server) ${clusterName({ kind: 'kind', name: there.name })}`,
            description: [used('kind'), there.state === 'parado' ? t('parado') : ''].filter(Boolean).join(', '),
            detail: t('De verdad, en contenedores de esta máquina.'),
          },
        ]
      : [
          {
            way: 'crear',
            label: `$(add) ${t('Crear un clúster con kind…')}`,
            detail: t('De verdad, en contenedores de esta máquina. Necesita Docker y unos minutos; puedes cancelarlo.'),
          },
        ];
  return [
    {
      way: 'embebido',
      label: `$(beaker) ${t('Clúster embebido')}`,
      description: used('embebido'),
      detail: t('Un simulador: arranca en un momento, sin Docker y sin Internet.'),
    },
    ...kinds,
    ...(kind === 'kubeadm'
      ? [
          {
            way: 'soltar' as const,
            label: `$(debug-disconnect) ${t('Soltar el clúster de «{0}»', name ?? '')}`,
            description: t('en uso'),
            detail: t('Malla lo olvida y vuelve al embebido. En él no se toca nada.'),
          },
        ]
      : []),
    {
      way: 'unir',
      label: `$(plug) ${t('Unirse a un clúster que ya existe…')}`,
      detail: t('Con un contexto de tu kubeconfig. Antes de unirte ves qué clúster es y qué haría Malla.'),
    },
  ];
}
