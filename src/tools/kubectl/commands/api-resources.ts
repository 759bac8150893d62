import { apiVersionOf, pluralName } from '../discovery.ts';
import { columns } from '../printing/tabs.ts';
import type { Command } from '../session.ts';

export const apiResourcesCommand: Command = {
  summary: 'Los tipos de objeto que sirve el clúster',
  flags: {
    'api-group': { kind: 'text' },
    cached: { kind: 'bool' },
    namespaced: { kind: 'bool' },
    'no-headers': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    'sort-by': { kind: 'text' },
    verbs: { kind: 'list' },
  },
  async run({ flags, discovery, out }) {
    const group = flags.text('api-group');
    const namespaced = flags.bool('namespaced');
    const verbs = flags.list('verbs').flatMap((v) => v.split(','));
    const seen = new Set<string>();
    const resources = (await discovery.all())
      .filter((r) => !seen.has(pluralName(r)) && seen.add(pluralName(r)))
      .filter((r) => group === undefined || r.group === group)
      .filter((r) => namespaced === undefined || r.namespaced === namespaced)
      .filter((r) => verbs.every((verb) => r.verbs.includes(verb)))
      .toSorted((a, b) => compare(a.group, b.group) || compare(a.plural, b.plural));
    if (flags.text('output') === 'name') {
      out(resources.map((r) => `${pluralName(r)}\n`).join(''));
      return 0;
    }
    const wide = flags.text('output') === 'wide';
    const rows = resources.map((r) => [
      r.plural,
      r.shortNames.join(','),
      apiVersionOf(r),
      String(r.namespaced),
      r.kind,
      ...(wide ? [r.verbs.join(','), r.categories.join(',')] : []),
    ]);
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
    out(columns([...(flags.bool('no-headers') ? [] : [header]), ...rows]));
    return 0;
  },
};

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
