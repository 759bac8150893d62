// JSON of a stranger: keys that could change whoever reads it are refused, and so is what says a thing twice.

export class ForbiddenKeyError extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`Forbidden key ${key}.`);
    this.key = key;
  }
}

export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Throws SyntaxError, or ForbiddenKeyError. */
export function parseStrictly(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (forbiddenKeys.has(key)) throw new ForbiddenKeyError(key);
    return value;
  });
}
