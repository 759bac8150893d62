// What a lab that reads well still gets wrong for who follows it: links to nothing, pictures without words, commands that
// do not exist. Told to authors; a student's copy is not refused for it.
import { dirname, join, normalize } from 'node:path/posix';
import type { Token } from 'markdown-it';
import { readFenceInfo } from './fence-info.ts';
import { createMarkdown } from './markdown.ts';
import { createProblems, type Problem } from './problem.ts';
import { commandProblem } from './shown-commands.ts';

export interface LintOptions {
  /** Of the lab, relative to the package: `labs/canary/lab.md`. */
  file: string;
  /** Whether a file or folder of the package is there; the path is relative to it and never leaves it. */
  exists(path: string): boolean;
}

const shells = new Set(['bash', 'sh', 'console', 'shell']);

export function lintLab(text: string, { file, exists }: LintOptions): Problem[] {
  const problems = createProblems(file);
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  const body = lines.map((line, i) => (i <= end ? '' : line)).join('\n');
  const tokens = createMarkdown().parse(body, {});
  const anchors = new Set([...body.matchAll(/^#{2,3} .*\{#([a-z][a-z0-9-]*)\}\s*$/gm)].map((m) => m[1]));
  for (const token of tokens) {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'fence' && shells.has(readFenceInfo(token.info).language)) lintCommands(token, line);
    for (const child of token.children ?? []) {
      if (child.type === 'image') lintPicture(child, line);
      if (child.type === 'link_open') lintLink(String(child.attrGet('href') ?? ''), line);
    }
  }
  return problems.all;

  function lintCommands(token: Token, line: number): void {
    for (const [i, command] of token.content.split('\n').entries()) {
      const problem = commandProblem(command);
      if (problem) problems.add('MALLA-LAB-25', line + 1 + i, `${problem}.`, 'Corrige la orden: se copia tal cual.');
    }
  }

  function lintPicture(image: Token, line: number): void {
    const source = String(image.attrGet('src') ?? '');
    if (!reaches(source)) problems.add('MALLA-LAB-26', line, `No existe el dibujo «${source}».`, 'Corrige el camino.');
    const alt = (image.children ?? []).map((t) => t.content).join('');
    if (alt.trim().length < 10) {
      problems.add(
        'MALLA-LAB-27',
        line,
        `El dibujo «${source}» no dice qué se ve en él.`,
        'Descríbelo entre los corchetes, para quien no lo ve.',
      );
    }
  }

  function lintLink(target: string, line: number): void {
    if (/^https:/i.test(target)) return;
    const found = target.startsWith('#') ? anchors.has(target.slice(1)) : reaches(target);
    if (!found) problems.add('MALLA-LAB-26', line, `El enlace a «${target}» no lleva a nada.`, 'Corrige el camino.');
  }

  function reaches(target: string): boolean {
    const path = normalize(join(dirname(file), decodeURI(target.replace(/[#?].*$/, ''))));
    return !path.startsWith('..') && exists(path);
  }
}
