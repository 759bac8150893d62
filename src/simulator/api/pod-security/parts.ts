// What the checks of Pod Security look at in a pod, and how they say who is at fault.
import { isMap } from '../patch-merge.ts';
import { list } from '../validation/values.ts';

export type Fields = Record<string, unknown>;

export interface Violation {
  reason: string;
  detail: string;
}

export const fieldsOf = (value: unknown): Fields => (isMap(value) ? value : {});
export const security = (of: Fields): Fields => fieldsOf(of.securityContext);

/** In the order in which they are said. */
export function containersOf(spec: Fields): Fields[] {
  return [...list(spec.initContainers), ...list(spec.containers), ...list(spec.ephemeralContainers)];
}

/** `container "a"`, `containers "a", "b"`. */
export function named(what: string, items: readonly unknown[]): string {
  return `${what}${items.length === 1 ? '' : 's'} ${quoted(items)}`;
}

export function quoted(values: readonly unknown[]): string {
  return values.map((value) => `"${value}"`).join(', ');
}

export const namesOf = (parts: readonly Fields[]): unknown[] => parts.map(({ name }) => name);

/** Each once, sorted. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** The pod and containers that set something: `pod and containers "a", "b"`. */
export function setters(spec: Fields, bad: (context: Fields) => boolean): string {
  const parts = bad(security(spec)) ? ['pod'] : [];
  const containers = containersOf(spec).filter((each) => bad(security(each)));
  if (containers.length > 0) parts.push(named('container', namesOf(containers)));
  return parts.join(' and ');
}

/** What bad setters have set, each value once. */
export function valuesSet(spec: Fields, of: (context: Fields) => string | undefined): string[] {
  return distinct([spec, ...containersOf(spec)].flatMap((each) => of(security(each)) ?? []));
}
