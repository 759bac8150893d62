// What somebody may do, rule by rule as `kubectl auth can-i --list` tells it: a line a resource, its verbs together.

export interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface RuleLine {
  verbs: string[];
  /** `deployments.apps/scale`; empty for a path. */
  resource: string;
  /** The only one that it is allowed of. */
  name?: string;
  path?: string;
}

interface Part extends RuleLine {
  group: string;
  plural: string;
}

/** Verbs in the order that rules say them; lines in the order of their text, verbs first, as kubectl sorts them. */
export function compactRules(rules: readonly Rule[]): RuleLine[] {
  const paths: Part[] = [];
  const resources = new Map<string, Part>();
  for (const part of rules.flatMap(parts)) {
    if (part.path !== undefined) paths.push(part);
    else join(resources, part);
  }
  return [...paths, ...resources.values()].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1));
}

function parts({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: Rule): Part[] {
  const names = resourceNames.length > 0 ? resourceNames : [undefined];
  return [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((plural) =>
        verbs.flatMap((verb) =>
          names.map(
            (name): Part => ({
              verbs: [verb],
              group,
              plural,
              resource: combined(plural, group),
              ...(name !== undefined && { name }),
            }),
          ),
        ),
      ),
    ),
    ...nonResourceURLs.flatMap((path) =>
      verbs.map((verb): Part => ({ verbs: [verb], group: '', plural: '', resource: '', path })),
    ),
  ];
}

function join(known: Map<string, Part>, part: Part): void {
  const key = JSON.stringify([part.group, part.plural, part.name]);
  const before = known.get(key);
  if (!before) known.set(key, part);
  else before.verbs.push(...part.verbs.filter((verb) => !before.verbs.includes(verb)));
}

function combined(plural: string, group: string): string {
  const [main = '', sub] = plural.split(/\/(.*)/s);
  return `${main}${group ? `.${group}` : ''}${sub === undefined ? '' : `/${sub}`}`;
}

function sortText({ verbs, group, plural, name = '', path }: Part): string {
  const of = path === undefined ? `[${group}],Resources:[${plural}]` : '[],Resources:[]';
  return `Verbs:[${verbs.join(' ')}],APIGroups:${of},ResourceNames:[${name}],NonResourceURLs:[${path ?? ''}]`;
}
