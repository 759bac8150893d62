// The quiz of a lab: `::: pregunta` as data.
import type { Token } from 'markdown-it';
import { readContainerInfo } from './container-info.ts';
import type { Problems } from './problem.ts';

export interface Question {
  /** Within its step. */
  id: string;
  text: string;
  options: { text: string; right: boolean }[];
  /** Markdown, told once the question is answered right. */
  explanation: string;
  line: number;
}

/** `number` counts the questions of the step from 1: it names those that their author did not. */
export function readQuestion(
  open: Token,
  inner: readonly string[],
  number: number,
  problems: Problems,
): Question | undefined {
  const line = (open.map?.[0] ?? 0) + 1;
  const { values, title } = readContainerInfo(open.info);
  const id = values.id ?? questionName(number);
  const options: Question['options'] = [];
  const before: string[] = title ? [title] : [];
  const after: string[] = [];
  for (const text of inner) {
    const option = /^[-*] \[([ x])\]\s+(.+)$/.exec(text);
    const last = options.at(-1);
    if (option) options.push({ text: option[2] ?? '', right: option[1] === 'x' });
    else if (last && after.length === 0 && /^\s+\S/.test(text)) last.text += ` ${text.trim()}`;
    else if (last && (after.length > 0 || text.trim() !== '')) after.push(text);
    else if (!last && text.trim() !== '') before.push(text.trim());
  }
  const explanation = after.join('\n').trim();
  const lack = !/^[a-z][a-z0-9-]*$/.test(id)
    ? `«${id}» no vale como identificador`
    : before.length === 0
      ? 'no pregunta nada'
      : options.length < 2
        ? 'necesita dos respuestas como poco'
        : !options.some((o) => o.right)
          ? 'no marca ninguna respuesta como buena'
          : explanation === ''
            ? 'no lleva explicación'
            : '';
  if (lack === '') return { id, text: before.join(' '), options, explanation, line };
  problems.add(
    'MALLA-LAB-34',
    line,
    `La pregunta ${lack}.`,
    'Escribe «::: pregunta ¿…?», una lista con «- [x]» en cada respuesta buena y «- [ ]» en las demás, y la explicación detrás.',
  );
  return undefined;
}

export function questionName(number: number): string {
  return `p${number}`;
}

/** Every right option and no other. `chosen` counts from 0. */
export function isRightChoice({ options }: Question, chosen: readonly number[]): boolean {
  return options.every(({ right }, i) => right === chosen.includes(i)) && chosen.every((i) => i in options);
}

/** `0` → `a`: how options are named where they are written. */
export function optionLetter(index: number): string {
  return String.fromCharCode(97 + index);
}

/** `a`, `a,c`, `A C` → indexes; undefined when some letter names no option. */
export function readLetters({ options }: Question, written: string): number[] | undefined {
  const letters = written.toLowerCase().match(/[a-z]/g) ?? [];
  const indexes = [...new Set(letters.map((l) => l.charCodeAt(0) - 97))];
  const clean = /^[\sa-z,;y]*$/i.test(written) && indexes.length > 0;
  return clean && indexes.every((i) => i < options.length) ? indexes.toSorted((a, b) => a - b) : undefined;
}
