// lab.md → Lab. Never throws: what is wrong is in `problems`, with line and cure.
import type { Token } from 'markdown-it';
import { readContainerInfo } from './container-info.ts';
import { readFenceInfo } from './fence-info.ts';
import { readFrontMatter } from './front-matter.ts';
import type { Action, CheckDeclaration, Lab, Mistake, Step } from './lab.ts';
import { containerNames, createMarkdown } from './markdown.ts';
import { applyParameters } from './parameters.ts';
import { createProblems, type Problem, type Problems } from './problem.ts';
import { type Question, readQuestion } from './question.ts';
import { actionsIn } from './read-actions.ts';
import { readChecks } from './read-checks.ts';
import type { Reader } from './reader.ts';
import { defaultSeed } from './seed.ts';

export interface ParseOptions {
  /** Shown in problems. */
  file: string;
  /** Absolute folder of lab.md. */
  folder: string;
  /** Content of a file of samples/, or undefined. */
  samples(name: string): string | undefined;
  /** What the lab's parameters are drawn from. */
  seed?: string;
}

const largest = 256 * 1024;

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
  const written = text.length > largest ? '' : text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const clean = applyParameters(written, options.seed ?? defaultSeed, problems);
  if (text.length > largest || clean.length > 2 * largest) {
    problems.add('MALLA-LAB-05', 1, 'El fichero pasa de 256 KB.', 'Reparte el contenido en varios laboratorios.');
    return { problems: problems.all };
  }
  const { matter, lines: skipped } = readFrontMatter(clean, problems);
  const lines = clean.split('\n');
  // The front matter is blanked, not cut: lines keep their numbers.
  const body = lines.map((line, i) => (i < skipped ? '' : line)).join('\n');
  const tokens = createMarkdown().parse(body, {});
  checkContainers(tokens, problems);
  const { introduction, sections } = split(tokens, lines, problems);
  const reader: Reader = { lab: matter?.id ?? '', lines, problems, samples: options.samples };
  const steps = sections.filter((s) => s.id !== 'limpieza').map((s) => readStep(s, reader));
  const last = sections.find((s) => s.id === 'limpieza');
  const cleanup = last ? actionsIn(last.tokens, 'limpieza', reader) : [];
  const questions = questionsIn(introduction.tokens, reader);
  checkReferences(steps, problems);
  if (matter?.capitulo) checkChapter(steps, problems);
  if (!matter || problems.all.length > 0) return { problems: problems.all };
  const { id, titulo: title, minutos: minutes, clusters, requiere: requires, objetivos: objectives } = matter;
  const introText = lines.slice(Math.max(skipped, introduction.from), introduction.to).join('\n').trim();
  return {
    lab: {
      id,
      title,
      chapter: matter.capitulo,
      minutes,
      clusters,
      ...(matter.cluster === 'maquinas' ? { machines: true as const } : {}),
      requires,
      objectives,
      traffic: matter.trafico.map(({ ruta, ritmo, cabeceras }) => ({ path: ruta, rate: ritmo, headers: cabeceras })),
      introduction: introText,
      questions,
      steps,
      cleanup,
      folder: options.folder,
    },
    problems: [],
  };
}

function split(
  tokens: Token[],
  lines: string[],
  problems: Problems,
): { introduction: { from: number; to: number; tokens: Token[] }; sections: Section[] } {
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
  const to = sections[0] ? sections[0].line - 1 : lines.length;
  return { introduction: { from: 0, to, tokens: tokens.slice(0, heads[0] ?? tokens.length) }, sections };
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
    const { name } = readContainerInfo(first.info);
    const inner = innerLines(first, reader).join('\n').trim();
    if (name === 'pista') hints.push(inner);
    else if (name === 'solucion') {
      solution.push(...actionsIn(block, section.id, reader));
      solutionText.push(inner);
    } else if (name === 'error') mistakes.push(readMistake(first, block, inner, section.id, reader));
    else continue;
    hidden.push([first.map[0], first.map[1]]);
  }
  const kept = reader.lines.map((line, i) => ({ line, i })).slice(section.from, section.to);
  const markdown = kept
    .filter(({ i }) => !hidden.some(([a, b]) => i >= a && i < b))
    .map(({ line, i }) => withSample(line, i, section.tokens, reader));
  // Actions of the text itself are checked too, although only the solution is executed.
  actionsIn(section.tokens, section.id, reader, true);
  return {
    id: section.id,
    title: section.title,
    markdown: markdown.join('\n').trim(),
    hints,
    questions: questionsIn(section.tokens, reader),
    checks,
    solution,
    solutionMarkdown: solutionText.join('\n\n'),
    mistakes,
    line: section.line,
  };
}

/** A fence that takes its content from a sample shows that content. */
function withSample(line: string, index: number, tokens: Token[], { samples }: Reader): string {
  const fence = tokens.find((t) => t.type === 'fence' && t.map?.[0] === index);
  const sample = fence && readFenceInfo(fence.info).values.muestra;
  const content = sample === undefined ? undefined : samples(sample);
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

function readMistake(open: Token, block: Token[], markdown: string, step: string, reader: Reader): Mistake {
  const line = (open.map?.[0] ?? 0) + 1;
  const { values, title } = readContainerInfo(open.info);
  const { causa: cause = '', comprobacion: check = '' } = values;
  if (!/^MALLA-[A-Z]{3}-\d{2}$/.test(cause) || check === '') {
    reader.problems.add(
      'MALLA-LAB-09',
      line,
      'Un error típico necesita «causa=MALLA-XXX-NN» y «comprobacion=id».',
      'Escribe: ::: error causa=MALLA-INY-02 comprobacion=etiqueta Título',
    );
  }
  return { title, cause, check, actions: actionsIn(block, step, reader), markdown, line };
}

/** Those of the text, not of its hints and mistakes. */
function questionsIn(tokens: Token[], reader: Reader): Question[] {
  const questions: Question[] = [];
  let number = 0;
  for (const [open] of topLevel(tokens)) {
    if (open?.type !== 'container_open' || readContainerInfo(open.info).name !== 'pregunta') continue;
    const question = readQuestion(open, innerLines(open, reader), ++number, reader.problems);
    if (question && questions.some((q) => q.id === question.id))
      reader.problems.add(
        'MALLA-LAB-34',
        question.line,
        `Dos preguntas del paso se llaman «${question.id}».`,
        'Da a cada una un id distinto.',
      );
    else if (question) questions.push(question);
  }
  return questions;
}

function innerLines({ map }: Token, { lines }: Reader): string[] {
  return map ? lines.slice(map[0] + 1, map[1] - 1) : [];
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
    for (const answer of [...step.solution, ...step.mistakes.flatMap((m) => m.actions)]) {
      if (answer.type !== 'answer' || step.checks.some((c) => c.id === answer.check && c.type === 'respuesta'))
        continue;
      problems.add(
        'MALLA-LAB-35',
        answer.line,
        `El paso no tiene ninguna comprobación de tipo respuesta que se llame «${answer.check}».`,
        'Escribe detrás de «respuesta=» el id de una comprobación del mismo paso.',
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

/** A chapter is read without a cluster: what it asks is answered in its questions. */
function checkChapter(steps: Step[], problems: Problems): void {
  for (const step of steps) {
    const acts = step.checks.length > 0 || step.solution.length > 0;
    if (!acts && step.questions.length > 0) continue;
    problems.add(
      'MALLA-LAB-36',
      step.line,
      `El paso «${step.title}» de un capítulo ${acts ? 'tiene comprobaciones o solución' : 'no pregunta nada'}.`,
      'Cada paso de un capítulo («capitulo: true») lleva al menos una «::: pregunta» y nada que hacer en un clúster.',
    );
  }
}
