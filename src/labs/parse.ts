// lab.md → Lab. Never throws: what is wrong is in `problems`, with line and cure.
import type { Token } from 'markdown-it';
import { LineCounter, parseDocument } from 'yaml';
import { readCheck } from './check-schema.ts';
import { readFenceInfo } from './fence-info.ts';
import { readFrontMatter, spanishIssue, withoutAliases } from './front-matter.ts';
import type { Action, CheckDeclaration, Lab, Mistake, Program, Step } from './lab.ts';
import { containerNames, createMarkdown } from './markdown.ts';
import { createProblems, type Problem, type Problems } from './problem.ts';
import { splitWords } from './words.ts';

export interface ParseOptions {
  /** Shown in problems. */
  file: string;
  /** Absolute folder of lab.md. */
  folder: string;
  /** Content of a file of samples/, or undefined. */
  samples(name: string): string | undefined;
}

const largest = 256 * 1024;
const programs: readonly string[] = ['kubectl', 'istioctl', 'curl'];

/** A part of the file: a heading of level 2 and what follows it. Lines count from 0 in the whole file. */
interface Section {
  id: string;
  title: string;
  line: number;
  from: number;
  to: number;
  tokens: Token[];
}

export function parseLab(text: string, options: ParseOptions): { lab?: Lab; problems: Problem[] } {
  const problems = createProblems(options.file);
  if (text.length > largest) {
    problems.add('MALLA-LAB-05', 1, 'El fichero pasa de 256 KB.', 'Reparte el contenido en varios laboratorios.');
    return { problems: problems.all };
  }
  const clean = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const { matter, lines: skipped } = readFrontMatter(clean, problems);
  const lines = clean.split('\n');
  // The front matter is blanked, not cut: lines keep their numbers.
  const body = lines.map((line, i) => (i < skipped ? '' : line)).join('\n');
  const tokens = createMarkdown().parse(body, {});
  checkContainers(tokens, problems);
  const { introduction, sections } = split(tokens, lines, problems);
  const reader: Reader = { lines, problems, options };
  const steps = sections.filter((s) => s.id !== 'limpieza').map((s) => readStep(s, reader));
  const last = sections.find((s) => s.id === 'limpieza');
  const cleanup = last ? actionsIn(last.tokens, reader) : [];
  checkReferences(steps, problems);
  if (!matter || problems.all.length > 0) return { problems: problems.all };
  const { id, titulo: title, minutos: minutes, clusters, requiere: requires, objetivos: objectives } = matter;
  const introText = lines.slice(Math.max(skipped, introduction.from), introduction.to).join('\n').trim();
  return {
    lab: {
      id,
      title,
      minutes,
      clusters,
      requires,
      objectives,
      traffic: matter.trafico.map(({ ruta, ritmo, cabeceras }) => ({ path: ruta, rate: ritmo, headers: cabeceras })),
      introduction: introText,
      steps,
      cleanup,
      folder: options.folder,
    },
    problems: [],
  };
}

interface Reader {
  lines: string[];
  problems: Problems;
  options: ParseOptions;
}

function split(
  tokens: Token[],
  lines: string[],
  problems: Problems,
): { introduction: { from: number; to: number }; sections: Section[] } {
  const heads = tokens.flatMap((t, i) => (t.type === 'heading_open' && t.tag === 'h2' && t.level === 0 ? [i] : []));
  const sections = heads.map((head, n): Section => {
    const open = tokens[head];
    const line = (open?.map?.[0] ?? 0) + 1;
    const { title, id } = readHeading(tokens[head + 1]?.content ?? '');
    if (!id)
      problems.add(
        'MALLA-LAB-06',
        line,
        `El paso «${title}» no tiene identificador.`,
        'Acaba el título con {#identificador}.',
      );
    const next = heads[n + 1];
    const to = next === undefined ? lines.length : (tokens[next]?.map?.[0] ?? lines.length);
    return {
      id: id ?? `paso-${n + 1}`,
      title,
      line,
      from: line,
      to,
      tokens: tokens.slice(head + 3, next ?? tokens.length),
    };
  });
  const ids = sections.map((s) => s.id);
  for (const [i, section] of sections.entries()) {
    if (ids.indexOf(section.id) !== i)
      problems.add(
        'MALLA-LAB-07',
        section.line,
        `Dos pasos se llaman «${section.id}».`,
        'Da a cada paso un identificador distinto.',
      );
  }
  if (sections.length === 0)
    problems.add(
      'MALLA-LAB-08',
      1,
      'El laboratorio no tiene pasos.',
      'Escribe al menos un título de nivel 2: «## Título {#id}».',
    );
  return { introduction: { from: 0, to: sections[0] ? sections[0].line - 1 : lines.length }, sections };
}

function readHeading(content: string): { title: string; id?: string } {
  const at = content.lastIndexOf('{#');
  if (at < 0 || !content.trimEnd().endsWith('}')) return { title: content.trim() };
  const id = content.trimEnd().slice(at + 2, -1);
  return /^[a-z][a-z0-9-]*$/.test(id)
    ? { title: content.slice(0, at).trim(), id }
    : { title: content.slice(0, at).trim() };
}

function readStep(section: Section, reader: Reader): Step {
  const hidden: [number, number][] = [];
  const hints: string[] = [];
  const checks: CheckDeclaration[] = [];
  const solution: Action[] = [];
  const solutionText: string[] = [];
  const mistakes: Mistake[] = [];
  for (const block of topLevel(section.tokens)) {
    const [first] = block;
    if (!first?.map) continue;
    if (first.type === 'fence' && readFenceInfo(first.info).flags.includes('comprobaciones')) {
      checks.push(...readChecks(first, reader));
      hidden.push([first.map[0], first.map[1]]);
    }
    if (first.type !== 'container_open') continue;
    const name = first.info.split(/\s+/)[0];
    const inner = reader.lines
      .slice(first.map[0] + 1, first.map[1] - 1)
      .join('\n')
      .trim();
    if (name === 'pista') hints.push(inner);
    else if (name === 'solucion') {
      solution.push(...actionsIn(block, reader));
      solutionText.push(inner);
    } else if (name === 'error') mistakes.push(readMistake(first, block, inner, reader));
    else continue;
    hidden.push([first.map[0], first.map[1]]);
  }
  const kept = reader.lines.map((line, i) => ({ line, i })).slice(section.from, section.to);
  const markdown = kept
    .filter(({ i }) => !hidden.some(([a, b]) => i >= a && i < b))
    .map(({ line, i }) => withSample(line, i, section.tokens, reader));
  // Actions of the text itself are checked too, although only the solution is executed.
  actionsIn(section.tokens, reader, true);
  return {
    id: section.id,
    title: section.title,
    markdown: markdown.join('\n').trim(),
    hints,
    checks,
    solution,
    solutionMarkdown: solutionText.join('\n\n'),
    mistakes,
    line: section.line,
  };
}

/** A fence that takes its content from a sample shows that content. */
function withSample(line: string, index: number, tokens: Token[], { options }: Reader): string {
  const fence = tokens.find((t) => t.type === 'fence' && t.map?.[0] === index);
  const sample = fence && readFenceInfo(fence.info).values.muestra;
  const content = sample === undefined ? undefined : options.samples(sample);
  return content === undefined ? line : `${line}\n${content.trimEnd()}`;
}

/** Groups a flat list of tokens by their outermost block. */
function topLevel(tokens: Token[]): Token[][] {
  const blocks: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) blocks.push([]);
    blocks.at(-1)?.push(token);
    depth += token.nesting;
  }
  return blocks;
}

function readMistake(open: Token, block: Token[], markdown: string, reader: Reader): Mistake {
  const line = (open.map?.[0] ?? 0) + 1;
  const { values, flags } = readFenceInfo(open.info);
  const { causa: cause = '', comprobacion: check = '' } = values;
  if (!/^MALLA-[A-Z]{3}-\d{2}$/.test(cause) || check === '') {
    reader.problems.add(
      'MALLA-LAB-09',
      line,
      'Un error típico necesita «causa=MALLA-XXX-NN» y «comprobacion=id».',
      'Escribe: ::: error causa=MALLA-INY-02 comprobacion=etiqueta Título',
    );
  }
  return { title: flags.join(' '), cause, check, actions: actionsIn(block, reader), markdown, line };
}

/** Files and commands in the fences of `tokens`, in order. With `quiet` the list does not matter, only its problems. */
function actionsIn(tokens: Token[], reader: Reader, quiet = false): Action[] {
  const actions: Action[] = [];
  for (const token of tokens) {
    if (token.type !== 'fence') continue;
    const info = readFenceInfo(token.info);
    const line = (token.map?.[0] ?? 0) + 1;
    if (quiet && token.level > 0) continue;
    if (info.values.fichero !== undefined) actions.push(...fileAction(info.values, token.content, line, reader));
    else if (info.flags.includes('ejecutar')) actions.push(...commandActions(token.content, line, reader));
  }
  return actions;
}

function fileAction(
  values: Record<string, string>,
  content: string,
  line: number,
  { problems, options }: Reader,
): Action[] {
  const { fichero: path = '', muestra } = values;
  if (!/^[\w][\w.-]*(\/[\w][\w.-]*)*$/.test(path)) {
    problems.add(
      'MALLA-LAB-10',
      line,
      `«${path}» no vale como fichero.`,
      'Usa un camino relativo sin «..», como reviews-90-10.yaml.',
    );
    return [];
  }
  if (muestra === undefined) return [{ type: 'file', path, content, line }];
  const sample = options.samples(muestra);
  if (sample === undefined) {
    problems.add('MALLA-LAB-11', line, `No existe la muestra «${muestra}».`, 'Mira los nombres que hay en samples/.');
    return [];
  }
  return [{ type: 'file', path, content: sample, line }];
}

function commandActions(content: string, line: number, { problems }: Pick<Reader, 'problems'>): Action[] {
  return content.split('\n').flatMap((text, i): Action[] => {
    if (text.trim() === '') return [];
    const result = splitWords(text);
    const at = line + 1 + i;
    if ('problem' in result) {
      problems.add(
        'MALLA-LAB-12',
        at,
        `Una orden que se ejecuta no puede llevar ${result.problem}.`,
        'Escribe una orden por línea, sin tuberías, variables ni comodines; o quita «ejecutar» para que solo se muestre.',
      );
      return [];
    }
    const [program = '', ...args] = result.words;
    if (!programs.includes(program)) {
      problems.add(
        'MALLA-LAB-13',
        at,
        `«${program}» no está entre los programas que un laboratorio puede ejecutar.`,
        `Usa ${programs.join(', ')}; o quita «ejecutar» para que solo se muestre.`,
      );
      return [];
    }
    return [{ type: 'run', argv: [program as Program, ...args], line: at }];
  });
}

function readChecks(fence: Token, { problems }: Reader): CheckDeclaration[] {
  const first = (fence.map?.[0] ?? 0) + 2;
  const counter = new LineCounter();
  const document = parseDocument(fence.content, { lineCounter: counter });
  for (const error of document.errors) {
    const at = counter.linePos(error.pos[0]);
    problems.add(
      'MALLA-LAB-14',
      first + at.line - 1,
      `Las comprobaciones no son YAML válido: ${error.code}.`,
      'Corrige la sintaxis de esa línea.',
      at.col,
    );
  }
  if (document.errors.length > 0) return [];
  const list = withoutAliases(document);
  if (list === undefined) {
    problems.add(
      'MALLA-LAB-14',
      first,
      'Las comprobaciones usan alias de YAML (&, *).',
      'Escribe cada valor donde hace falta.',
    );
    return [];
  }
  if (!Array.isArray(list)) {
    problems.add('MALLA-LAB-14', first, 'Las comprobaciones deben ser una lista.', 'Empieza cada una con «- id: …».');
    return [];
  }
  return list.flatMap((item, i): CheckDeclaration[] => {
    const range = (document.getIn([i], true) as { range?: [number, number, number] } | undefined)?.range;
    const line = first + (range ? counter.linePos(range[0]).line - 1 : 0);
    const result = readCheck(item, line);
    if ('declaration' in result) return [result.declaration];
    for (const issue of result.issues) {
      problems.add(
        'MALLA-LAB-15',
        line,
        `Comprobación ${i + 1}, ${issue.path.join('.') || 'el conjunto'}: ${spanishIssue(issue)}.`,
        'Mira las clases de comprobación y sus campos en docs/comprobaciones.',
      );
    }
    return [];
  });
}

function checkContainers(tokens: Token[], problems: Problems): void {
  for (const token of tokens) {
    if (token.type !== 'container_open') continue;
    const line = (token.map?.[0] ?? 0) + 1;
    const name = token.info.split(/\s+/)[0] ?? '';
    if (!(containerNames as readonly string[]).includes(name)) {
      problems.add(
        'MALLA-LAB-16',
        line,
        `No existe el bloque «::: ${name}».`,
        `Los hay de estas clases: ${containerNames.join(', ')}.`,
      );
    }
    if (token.hidden)
      problems.add('MALLA-LAB-17', line, `El bloque «::: ${name}» no se cierra.`, 'Ciérralo con una línea «:::».');
  }
}

function checkReferences(steps: Step[], problems: Problems): void {
  for (const step of steps) {
    const ids = step.checks.map((c) => c.id);
    for (const [i, check] of step.checks.entries()) {
      if (ids.indexOf(check.id) !== i)
        problems.add(
          'MALLA-LAB-18',
          check.line,
          `Dos comprobaciones del paso se llaman «${check.id}».`,
          'Da a cada una un id distinto.',
        );
    }
    for (const mistake of step.mistakes) {
      if (!ids.includes(mistake.check))
        problems.add(
          'MALLA-LAB-19',
          mistake.line,
          `El paso no tiene ninguna comprobación «${mistake.check}».`,
          `Las que hay: ${ids.join(', ') || 'ninguna'}.`,
        );
    }
    if (step.checks.length > 0 && step.solution.length === 0) {
      problems.add(
        'MALLA-LAB-20',
        step.line,
        `El paso «${step.title}» tiene comprobaciones pero no solución.`,
        'Escribe un bloque «::: solucion» con lo que hay que crear y ejecutar.',
      );
    }
  }
}
