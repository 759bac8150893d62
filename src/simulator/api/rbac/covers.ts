// Which of some rules somebody already has: nobody gives away more.
import type { Rule } from './grants.ts';

/** The smallest parts of `wanted` that nothing in `held` covers, put together again and written as messages do. */
export function missingRules(held: readonly Rule[], wanted: readonly Rule[]): string[] {
  const missing = wanted.flatMap(parts).filter((part) => !held.some((rule) => covers(rule, part)));
  return [...new Set(together(missing).map(written))].sort();
}

/** One verb on one thing each. */
function parts(rule: Rule): Rule[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb): Rule[] => {
        const part = { apiGroups: [group], resources: [resource], verbs: [verb] };
        return resourceNames.length === 0 ? [part] : resourceNames.map((name) => ({ ...part, resourceNames: [name] }));
      }),
    ),
  );
  const onAddresses = nonResourceURLs.flatMap((url) =>
    verbs.map((verb): Rule => ({ nonResourceURLs: [url], verbs: [verb] })),
  );
  return [...onResources, ...onAddresses];
}

function covers(held: Rule, part: Rule): boolean {
  const has = (list: string[] | undefined, wanted: string[] | undefined) =>
    (wanted ?? []).every((value) => list?.includes('*') || list?.includes(value));
  if (!has(held.verbs, part.verbs)) return false;
  if (part.nonResourceURLs)
    return (part.nonResourceURLs ?? []).every((url) => held.nonResourceURLs?.some((u) => reaches(u, url)));
  return (
    has(held.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((resource) => ofResource(held.resources, resource)) &&
    ((held.resourceNames?.length ?? 0) === 0 ||
      ((part.resourceNames?.length ?? 0) > 0 &&
        (part.resourceNames ?? []).every((name) => held.resourceNames?.includes(name))))
  );
}

/** A star is all; before a subresource, that one of all. */
export function ofResource(held: readonly string[] | undefined, resource: string): boolean {
  if (!held) return false;
  if (held.includes('*') || held.includes(resource)) return true;
  const [, subresource] = resource.split('/');
  return subresource !== undefined && held.includes(`*/${subresource}`);
}

/** `/healthz/*` reaches everything that begins so. */
export function reaches(held: string, url: string): boolean {
  return held === '*' || held === url || (held.endsWith('*') && url.startsWith(held.slice(0, -1)));
}

/** Parts that differ in their verb alone, as one rule. */
function together(all: readonly Rule[]): Rule[] {
  const found = new Map<string, Rule>();
  for (const { verbs = [], ...thing } of all) {
    const key = JSON.stringify(thing);
    const known = found.get(key);
    found.set(key, { ...thing, verbs: [...(known?.verbs ?? []), ...verbs] });
  }
  return [...found.values()];
}

function written({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: Rule): string {
  const list = (name: string, values: string[] | undefined): string[] =>
    values?.length ? [`${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`] : [];
  return `{${[
    ...list('APIGroups', apiGroups),
    ...list('Resources', resources),
    ...list('NonResourceURLs', nonResourceURLs),
    ...list('ResourceNames', resourceNames),
    ...list('Verbs', verbs),
  ].join(', ')}}`;
}
