// The page of a step as blocks: text to draw, and the actions its buttons do, each with its number.
import type { Token } from 'markdown-it';
import { readFenceInfo } from './fence-info.ts';
import type { Action, Lab, Program, Step } from './lab.ts';
import { createMarkdown } from './markdown.ts';
import { splitWords } from './words.ts';

/** The actions that the text of a step offers, in order: what `data-index` counts. */
export function pageActions(_lab: Lab, step: Step): Action[] {
  return createMarkdown()
    .parse(step.markdown, {})
    .flatMap((token) => fenceActions(token));
}

/** The parser of labs has refused what cannot be read; here it is left out. */
export function fenceActions(token: Token): Action[] {
  if (token.type !== 'fence') return [];
  const { flags, values } = readFenceInfo(token.info);
  const line = (token.map?.[0] ?? 0) + 1;
  if (values.fichero !== undefined) return [{ type: 'file', path: values.fichero, content: token.content, line }];
  if (!flags.includes('ejecutar')) return [];
  return commandLines(token).flatMap((text): Action[] => {
    const result = splitWords(text);
    if ('problem' in result) return [];
    const [program, ...args] = result.words;
    return [{ type: 'run', argv: [program as Program, ...args], line }];
  });
}

export function commandLines(token: Token): string[] {
  return token.content.split('\n').filter((l) => l.trim() !== '');
}
