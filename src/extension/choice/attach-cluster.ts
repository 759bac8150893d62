// «Unirse a un clúster que ya existe…»: a context is picked, its dangers agreed to, and what joining would do shown first.
import * as vscode from 'vscode';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';
import { dangersOf, type Look, readContexts, readLook } from './answers.ts';
import type { ChoiceOptions } from './choice-options.ts';

export async function attachCluster(options: ChoiceOptions): Promise<void> {
  const file = await pickKubeconfig();
  if (file === undefined) return;
  const from = file === '' ? [] : ['--kubeconfig', file];
  const outcome = await options.program.run(['kubeadm', 'contextos', ...from, '--json']);
  if (outcome.problem) return showProblem(outcome.problem);
  const contexts = readContexts(outcome.value) ?? [];
  if (contexts.length === 0) {
    void vscode.window.showInformationMessage(t('Ese kubeconfig no tiene ningún contexto.'));
    return;
  }
  const items = contexts.map(({ name, server, user, current, held }) => ({
    label: name,
    description: [current ? t('el actual') : '', ...held].filter(Boolean).join(' · '),
    detail: user ? t('{0}, como {1}', server, user) : server,
    name,
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: t('¿Con qué contexto?') });
  if (!chosen) return;
  const seen = await look(options, [...from, '--contexto', chosen.name]);
  if (seen) await join(options, seen.look, [...from, '--contexto', chosen.name, ...seen.agreed]);
}

/** '' is the usual one, of KUBECONFIG or ~/.kube/config; undefined: none. */
async function pickKubeconfig(): Promise<string | undefined> {
  const usual = { label: t('El mío, el de KUBECONFIG o ~/.kube/config'), other: false };
  const other = { label: `$(folder-opened) ${t('Otro fichero…')}`, other: true };
  const chosen = await vscode.window.showQuickPick([usual, other], { placeHolder: t('¿De qué kubeconfig?') });
  if (!chosen) return undefined;
  if (!chosen.other) return '';
  const [file] =
    (await vscode.window.showOpenDialog({ canSelectMany: false, openLabel: t('Usar este kubeconfig') })) ?? [];
  return file?.fsPath;
}

/** Looks, and looks again with each danger that the student agrees to; undefined when they do not, or it cannot be looked at. */
async function look(
  { program }: ChoiceOptions,
  args: readonly string[],
): Promise<{ look: Look; agreed: string[] } | undefined> {
  const agreed = new Set<string>();
  for (;;) {
    const options = [...agreed].flatMap((code) => ['--acepto', code]);
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Mirando el clúster, sin cambiar nada…') },
      () => program.run(['kubeadm', 'mirar', ...args, ...options, '--json']),
    );
    if (!outcome.problem) {
      const seen = readLook(outcome.value);
      return seen && { look: seen, agreed: options };
    }
    const asked = dangersOf(outcome.problem).filter((code) => !agreed.has(code));
    if (asked.length === 0) return void (await showProblem(outcome.problem));
    const accept = t('Lo acepto');
    const chosen = await vscode.window.showWarningMessage(
      t('Este contexto pide algo que puede ser peligroso.'),
      { modal: true, detail: outcome.problem.happened },
      accept,
    );
    if (chosen !== accept) return undefined;
    for (const code of asked) agreed.add(code);
  }
}

async function join({ cluster, onChanged }: ChoiceOptions, seen: Look, args: readonly string[]): Promise<void> {
  if (seen.refusal) {
    await vscode.window.showWarningMessage(t('Los laboratorios no caben en ese clúster.'), {
      modal: true,
      detail: `${seen.refusal.code}: ${seen.refusal.happened}\n\n${seen.refusal.todo}\n\n${seen.told}`,
    });
    return;
  }
  const accept = t('Unirme');
  const chosen = await vscode.window.showInformationMessage(
    t('¿Unirte al clúster de «{0}»?', seen.context),
    { modal: true, detail: seen.told },
    accept,
  );
  if (chosen !== accept) return;
  const confirmed = await confirmProduction(seen);
  if (!confirmed) return;
  const { problem } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Uniéndote al clúster…') },
    () => cluster.change(['kubeadm', 'unir', ...args, ...confirmed]),
  );
  if (problem) return showProblem(problem);
  await onChanged();
}

/** A cluster that looks like production is joined only by who types its name. Undefined when they do not. */
async function confirmProduction({ context, survey: { production } }: Look): Promise<string[] | undefined> {
  if (production.length === 0) return ['--si'];
  const typed = await vscode.window.showInputBox({
    title: t('Parece un clúster que se usa para algo más que practicar'),
    prompt: t('{0}. Si quieres seguir, escribe el nombre del contexto: {1}', production.join('; '), context),
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || context.startsWith(text) ? undefined : t('No es el nombre del contexto.')),
  });
  return typed === context ? ['--confirmo', context] : undefined;
}
