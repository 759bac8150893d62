// Whether an answer is the one that an `http` check asks for, and what it lacks, in Spanish.
import { RE2JS } from 're2js';
import type { HttpPattern } from '../labs/check-kinds/http.ts';
import type { Answer, Failure } from '../traffic/load.ts';
import { printTarget } from './entry.ts';
import { sameFlags } from './proxy-flags.ts';

export interface HttpSighting {
  answer: Answer;
  /** The answer outside the rule. */
  contrast?: Answer;
  /** Of the lines that the request left in the log that is asked about. */
  flags?: string[];
}

export function isAsAsked({ status, contains, lacks = [], ...pattern }: HttpPattern, answer: Answer): boolean {
  return (
    answer.status === status &&
    contains.every((text) => answer.body.includes(text)) &&
    !lacks.some((text) => answer.body.includes(text)) &&
    wrongHeaders(pattern, answer).length === 0
  );
}

export function isRight(pattern: HttpPattern, { answer, contrast, flags }: HttpSighting): boolean {
  return (
    isAsAsked(pattern, answer) &&
    (!pattern.contrast || contrast?.status === pattern.contrast.status) &&
    (!pattern.flag || (flags ?? []).some((seen) => sameFlags(seen, pattern.flag?.flags ?? '')))
  );
}

/** Names of the headers that are not as asked. */
export function wrongHeaders(
  { responseHeaders = {} }: Pick<HttpPattern, 'responseHeaders'>,
  { headers }: Answer,
): string[] {
  return Object.entries(responseHeaders).flatMap(([name, expression]) => {
    const value = [headers[name.toLowerCase()] ?? []].flat().join(', ');
    return RE2JS.matches(expression, value) ? [] : [name];
  });
}

export function printExpectation({ method, status, contains, lacks = [], ...rest }: HttpPattern): string {
  const { responseHeaders = {}, contrast, flag, ...target } = rest;
  const parts = [
    ...contains.map((t) => `contiene «${t}»`),
    ...lacks.map((t) => `no contiene «${t}»`),
    ...Object.entries(responseHeaders).map(([name, value]) => `lleva ${name}: ${value}`),
  ];
  const user = rest.session ? ', con la sesión abierta,' : '';
  const main = `${method} ${printTarget(target)}${user} responde ${[String(status), ...parts].join(' y ')}`;
  const outside = contrast ? `; fuera de la regla responde ${contrast.status}` : '';
  const mark = flag ? `; el proxy de ${flag.selector} anota ${flag.flags}` : '';
  return `${main}${outside}${mark}`;
}

const failures: Record<Failure, string> = {
  refused: 'la conexión se rechaza',
  dns: 'el nombre de la entrada no se resuelve',
  timeout: 'no hay respuesta a tiempo',
  reset: 'la conexión se corta',
};

export function printSighting(pattern: HttpPattern, { answer, contrast, flags }: HttpSighting): string {
  const main = printAnswer(answer, pattern);
  const outside =
    contrast && contrast.status !== pattern.contrast?.status
      ? `; fuera de la regla, ${contrast.failure ? failures[contrast.failure] : `responde ${contrast.status}`}`
      : '';
  const seen = [...new Set(flags)].join(' y ');
  const mark = flags && pattern.flag ? `; el proxy de ${pattern.flag.selector} anota ${seen || 'nada'}` : '';
  return `${main}${outside}${mark}`;
}

function printAnswer(answer: Answer, pattern: HttpPattern): string {
  if (answer.failure) return failures[answer.failure];
  const { contains, lacks = [], status } = pattern;
  if (answer.status !== status) {
    const start = answer.body.trim().split('\n')[0]?.slice(0, 80);
    return `responde ${answer.status}${start ? ` («${start}»)` : ''}`;
  }
  const missing = contains.filter((text) => !answer.body.includes(text)).map((t) => `«${t}»`);
  const extra = lacks.filter((text) => answer.body.includes(text)).map((t) => `«${t}»`);
  const headers = wrongHeaders(pattern, answer).map(
    (name) => `${name} es ${[answer.headers[name.toLowerCase()] ?? 'nada'].flat().join(', ').slice(0, 80)}`,
  );
  return [
    `responde ${answer.status}`,
    ...(missing.length > 0 ? [`no contiene ${missing.join(' ni ')}`] : []),
    ...(extra.length > 0 ? [`contiene ${extra.join(' y ')}`] : []),
    ...headers,
  ].join(' y ');
}
