// Whether trust and the cluster allow something now; asks the student where there is a way. Commands and panels pass here.
import * as vscode from 'vscode';
import type { ClusterSession } from './cluster/cluster-session.ts';
import type { CommandDeclaration } from './commands/command-table.ts';
import { t } from './l10n.ts';
import { isTrusted } from './trust.ts';

export type Needs = Pick<CommandDeclaration, 'reads' | 'withoutCluster'>;

export interface Gate {
  passes(needs: Needs): Promise<boolean>;
}

/** `startCluster` shows its progress and resolves to whether the cluster runs in the end. */
export function createGate(cluster: ClusterSession, startCluster: () => Promise<boolean>): Gate {
  return {
    async passes({ reads, withoutCluster }) {
      if (!reads && !isTrusted()) {
        await explainTrust();
        return false;
      }
      if (withoutCluster === 'works' || withoutCluster === 'starts') return true;
      if (cluster.now.state === 'desconocido') await cluster.refresh();
      if (cluster.now.access) return true;
      const start = t('Iniciar clúster');
      const chosen = await vscode.window.showInformationMessage(t('No hay ningún clúster en marcha.'), start);
      return chosen === start && (await startCluster()) && withoutCluster === 'offers';
    },
  };
}

async function explainTrust(): Promise<void> {
  const manage = t('Administrar la confianza');
  const chosen = await vscode.window.showWarningMessage(
    t('Esta carpeta no es de confianza: aquí solo puedes leer los laboratorios.'),
    manage,
  );
  if (chosen === manage) await manageTrust();
}

export async function manageTrust(): Promise<void> {
  await vscode.commands.executeCommand('workbench.trust.manage');
}
