// «Entregar…»: shows what would leave the machine, and writes the file only when the student says so.
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { MallaProgram, Outcome } from '../cluster/malla-program.ts';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';

const told = z.lazy(() =>
  z.object({
    student: z.string(),
    bytes: z.number(),
    sealed: z.boolean(),
    labs: z.array(z.object({ lab: z.string(), title: z.string(), steps: z.int(), right: z.int() })),
    files: z.array(z.string()),
    objects: z.array(z.string()),
    records: z.int(),
  }),
);
export type HandInTold = z.output<typeof told>;

/** In Malla's own words: no code was said, or it is none. */
const needsCode = 'MALLA-ENT-50';

export async function handIn(program: MallaProgram, folder: string | undefined): Promise<void> {
  const looked = await look(program);
  if (!looked) return;
  const { data, student } = looked;
  const save = t('Guardar…');
  const chosen = await vscode.window.showInformationMessage(
    t('Esto es lo que saldría de tu máquina, y nada más'),
    { modal: true, detail: describeTold(data) },
    save,
  );
  if (chosen !== save) return;
  const target = await vscode.window.showSaveDialog({
    title: t('Guardar la entrega'),
    defaultUri: vscode.Uri.file(join(folder ?? homedir(), `entrega-${data.student}.zip`)),
    filters: { ZIP: ['zip'] },
  });
  if (!target) return;
  const { problem } = await program.run(['entregar', ...student, '--salida', target.fsPath, '--si', '--json']);
  if (problem) return showProblem(problem);
  const show = t('Mostrar en la carpeta');
  const next = await vscode.window.showInformationMessage(
    t('Entrega guardada. Sube ese fichero donde te hayan dicho.'),
    show,
  );
  if (next === show) await vscode.commands.executeCommand('revealFileInOS', target);
}

/** Asks for the student's code when Malla does not know it. Undefined when there is nothing to hand in, or no code. */
async function look(program: MallaProgram): Promise<{ data: HandInTold; student: string[] } | undefined> {
  let student: string[] = [];
  let outcome: Outcome = await program.run(['entregar', '--ver', '--json']);
  if (outcome.problem?.code === needsCode) {
    const code = await vscode.window.showInputBox({
      title: t('Entregar'),
      prompt: t('El código de alumno que te han dado'),
      validateInput: (value) => (value.trim() === '' ? t('Escribe tu código.') : undefined),
      ignoreFocusOut: true,
    });
    if (code === undefined) return undefined;
    student = [`--alumno=${code.trim()}`];
    outcome = await program.run(['entregar', ...student, '--ver', '--json']);
  }
  const data = told.safeParse(outcome.value).data;
  if (data) return { data, student };
  await showProblem(outcome.problem);
  return undefined;
}

export function describeTold({ student, labs, files, objects, records, sealed, bytes }: HandInTold): string {
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [`${title}: ${items.slice(0, 12).join(', ')}${items.length > 12 ? t(' y {0} más', items.length - 12) : ''}`];
  return [
    t('Código de alumno: {0}', student),
    ...labs.map((l) =>
      l.steps === 0
        ? t('{0}: respuestas', l.title)
        : t('{0}: {1} de {2} pasos bien alguna vez', l.title, l.right, l.steps),
    ),
    ...list(t('Tus ficheros'), files),
    ...list(t('Objetos de tu clúster'), objects),
    t('Cómo salió cada comprobación y a qué hora: {0} registros', records),
    sealed ? t('Va firmada con tu sello.') : t('Va sin firmar.'),
    t('Ocupa {0} KB.', Math.ceil(bytes / 1024)),
  ].join('\n');
}
