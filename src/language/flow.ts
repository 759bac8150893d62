// Inside braces and brackets on one line: `{host: reviews, subset: v1}`, up to the cursor.
import type { PathPart } from './paths.ts';

export interface FlowPlace {
  /** Below the value that the text is. */
  path: PathPart[];
  place: 'key' | 'value' | 'item';
  typed: string;
  /** Where `typed` begins in the text. */
  from: number;
  siblings: Map<string, string>;
}

interface Level {
  list: boolean;
  index: number;
  key: string | undefined;
  siblings: Map<string, string>;
}

/** `text` begins with `{` or `[` and ends at the cursor. */
export function readFlow(text: string): FlowPlace {
  const levels: Level[] = [];
  let word = '';
  let from = 0;
  let quote = '';
  const end = (): void => {
    const level = levels.at(-1);
    if (level?.key !== undefined && word.trim() !== '') level.siblings.set(level.key, word.trim());
    word = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const level = levels.at(-1);
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
      continue;
    }
    if (word.trim() === '') from = at + (/\s/.test(character) ? 1 : 0);
    if (character === '"' || character === "'") {
      quote = character;
      from = at + 1;
    } else if (character === '{' || character === '[') {
      levels.push({ list: character === '[', index: 0, key: undefined, siblings: new Map() });
      word = '';
      from = at + 1;
    } else if (character === '}' || character === ']') {
      end();
      levels.pop();
    } else if (character === ',' && level) {
      end();
      if (level.list) level.index += 1;
      else level.key = undefined;
      from = at + 1;
    } else if (
      character === ':' &&
      level &&
      !level.list &&
      level.key === undefined &&
      /[\s{["']|$/.test(text.charAt(at + 1))
    ) {
      level.key = word.trim();
      word = '';
      from = at + 1;
    } else word += character;
  }
  const level = levels.at(-1);
  const path = levels.flatMap((l): PathPart[] => (l.list ? [l.index] : l.key === undefined ? [] : [l.key]));
  const place = !level ? 'value' : level.list ? 'item' : level.key === undefined ? 'key' : 'value';
  return { path, place, typed: word.trimStart(), from, siblings: level?.siblings ?? new Map() };
}
