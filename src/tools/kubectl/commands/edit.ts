import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { fileFlags, selectorFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { presentable, toYaml } from '../printing/serialise.ts';
import { type Found, findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';

export const editCommand: Command = {
  summary: 'Cambia un objeto en el editor: el de KUBE_EDITOR o EDITOR, o VS Code',
  flags: { ...fileFlags, ...selectorFlags, 'field-manager': { kind: 'text' } },
  async run(session) {
    const found = await findObjects(session, session.args, { explicit: true });
    if (found.length === 0) {
      session.err('edit cancelled, no objects found.\n');
      return 1;
    }
    const folder = await mkdtemp(join(tmpdir(), 'kubectl-edit-'));
    try {
      for (const one of found) {
        const code = await editOne(session, one, join(folder, `${one.resource.singular}.yaml`));
        if (code !== 0) return code;
      }
      return 0;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Again and again until what was saved is accepted, or nothing more was changed. */
async function editOne(session: Session, { resource, object }: Found, file: string): Promise<number> {
  const original = toYaml(presentable(object));
  let shown = original;
  let problem = '';
  for (;;) {
    await writeFile(file, `${header(problem)}${shown}`);
    await openEditor(session, file);
    const saved = withoutComments(await readFile(file, 'utf8'));
    if (saved.trim() === '') return cancelled(session, 'saved file was empty');
    if (saved === original) return cancelled(session, 'no changes made');
    if (problem !== '' && saved === shown) {
      session.err('error: Edit cancelled, no valid changes were saved.\n');
      return 1;
    }
    shown = saved;
    try {
      const { namespace, name } = object.metadata;
      await session.api.json({
        method: 'PUT',
        path: pathOf(resource, namespace, name),
        query: { fieldManager: session.flags.text('field-manager') ?? 'kubectl-edit' },
        body: read(saved),
      });
      session.out(`${typeName(resource)}/${name} edited\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ToolError)) throw error;
      problem = error instanceof StatusError ? error.describe() : error.message;
    }
  }
}

function cancelled({ err }: Session, why: string): number {
  err(`Edit cancelled, ${why}.\n`);
  return 0;
}

function read(text: string): KubeObject {
  try {
    return parse(text) as KubeObject;
  } catch (error) {
    throw new ToolError(`error: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

function header(problem: string): string {
  const lines = [
    'Cambia el objeto y guarda. Las líneas que empiezan por «#» no cuentan, y un fichero vacío',
    'lo deja todo como está. Si el clúster no acepta el cambio, se abre otra vez con el motivo.',
    ...(problem === '' ? [] : ['', ...problem.split('\n')]),
    '',
  ];
  return lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join('');
}

function withoutComments(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .join('\n');
}

/** Rejects when it cannot be started or ends badly. */
async function openEditor({ env, cwd, signal }: Session, file: string): Promise<void> {
  const [program = '', ...args] = editorOf(env);
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(program, [...args, file], { cwd, env, signal, stdio: 'inherit' });
    child.on('error', () =>
      reject(new ToolError(`error: unable to launch the editor "${program}". Di cuál con EDITOR o KUBE_EDITOR.`)),
    );
    child.on('close', resolve);
  });
  if (code !== 0) throw new ToolError(`error: there was a problem with the editor "${[program, ...args].join(' ')}"`);
}

/** In a terminal of VS Code, VS Code itself; its command only ends once the file is closed with --wait. */
export function editorOf(env: Record<string, string | undefined>): string[] {
  const named = env.KUBE_EDITOR || env.EDITOR;
  if (named) return named.split(' ').filter((word) => word !== '');
  if (env.TERM_PROGRAM === 'vscode' && process.platform !== 'win32') return ['code', '--wait'];
  return [process.platform === 'win32' ? 'notepad' : 'vi'];
}
