// «Crear un clúster con kind…»: looks whether the machine can, says what it would do, and makes it with its phases in view.
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';
import { readPhase, readPreflight } from './answers.ts';
import type { ChoiceOptions } from './choice-options.ts';

export async function createKind(options: ChoiceOptions): Promise<void> {
  const { program } = options;
  const looked = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Mirando si esta máquina puede con kind…') },
    () => program.run(['kind', 'comprobar', '--json']),
  );
  if (looked.problem) return showProblem(looked.problem);
  const preflight = readPreflight(looked.value);
  if (!preflight) return;
  const told = preflight.findings
    .filter(({ level }) => level !== 'bien')
    .map(({ title, cure }) => `• ${title}. ${cure ?? ''}`.trim());
  if (!preflight.able) {
    await vscode.window.showWarningMessage(t('Esta máquina no puede con un clúster de kind.'), {
      modal: true,
      detail: told.join('\n'),
    });
    return;
  }
  const create = t('Crear');
  const chosen = await vscode.window.showInformationMessage(
    preflight.nodes === 1
      ? t('¿Crear un clúster de kind con un nodo?')
      : t('¿Crear un clúster de kind con {0} nodos?', preflight.nodes),
    {
      modal: true,
      detail: [
        t('Se crean contenedores en esta máquina y los laboratorios pasan a trabajar en ellos.'),
        t('Si la imagen de los nodos no está aquí, se descarga: ocupa alrededor de 1 GB.'),
        ...told,
      ].join('\n'),
    },
    create,
  );
  if (chosen === create) await make(options, preflight.nodes);
}

async function make({ cluster, onChanged }: ChoiceOptions, nodes: number): Promise<void> {
  const stop = new AbortController();
  const { problem } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Creando el clúster de kind'), cancellable: true },
    (progress, token) => {
      token.onCancellationRequested(() => {
        progress.report({ message: t('borrando lo que se había creado…') });
        stop.abort();
      });
      let done = 0;
      return cluster.change(['kind', 'crear', '--nodos', String(nodes), '--si'], {
        signal: stop.signal,
        onProgress(line) {
          const phase = readPhase(line);
          if (!phase || stop.signal.aborted) return;
          progress.report({ message: phase.title, increment: Math.max(0, phase.percent - done) });
          done = Math.max(done, phase.percent);
        },
      });
    },
  );
  // What was cancelled has cleaned up after itself, and has nothing to tell but what it could not.
  if (stop.signal.aborted && problem?.code === 'MALLA-EDI-02') return;
  if (problem) return showProblem(problem);
  await onChanged();
}
