// What differs between two clusters or two runs taken out of an answer: ids, times, addresses, random endings, ages.

const letters = 'bcdfghjklmnpqrstvwxz2456789';

const rules: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d( GMT| \+0000)/g, '<date>'],
  [/\beyJ[\w-]+(\.[\w-]+){2}/g, '<token>'],
  [new RegExp(`-[${letters}]{6,10}-[${letters}]{5}\\b`, 'g'), '-<hash>-<id>'],
  // Of a ReplicaSet: its hash is of the bytes of Go's own structure.
  [
    new RegExp(
      `((?:replicasets?\\.apps[ "/]+|ReplicaSet \\\\*"|^)[a-z][\\w-]*)-(?=[a-z]*\\d)[${letters}]{8,10}(?![\\w-])`,
      'gm',
    ),
    '$1-<hash>',
  ],
  [new RegExp(`\\b(kube-api-access|[\\w-]*gen|Malo)-[${letters}]{5}\\b`, 'g'), '$1-<id>'],
  [/\b(pod-template-hash)("?[=:] ?"?)[a-z0-9]{6,10}\b/g, '$1$2<hash>'],
  [/\b(controller-revision-hash)("?[=:] ?"?)([\w-]*-)?[a-z0-9]{6,10}\b/g, '$1$2$3<hash>'],
  [/\b(containerd|docker|malla):\/\/[0-9a-f]{12,64}\b/g, '<container>'],
  [/\bsha256:[0-9a-f]{64}\b/g, '<digest>'],
  [/\b(10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, '<ip>'],
  [/\b(too old resource version: |Too large resource version: |current: |resource version: )\d+/g, '$1<version>'],
  [/(resourceVersion\\*"?: ?\\*"?|Resource Version: +)\d+/g, '$1<version>'],
  [/\b[0-9a-f]{64}\b/g, '<digest>'],
  [/\b3[0-2]\d{3}\b/g, '<nodePort>'],
];

/** Of text for people: ages too, and the widths of columns. */
export function normaliseText(text: string, replaced: Record<string, string>): string {
  return (
    normaliseValue(text, replaced)
      // `200m` of a manifest is no age, but it is the same everywhere.
      .replace(/\b\d+[smhdy](\d+[smhd])*\b/g, '<age>')
      .replace(/(\S) {2,}/g, '$1  ')
      .replace(/[ \t]+$/gm, '')
  );
}

export function normaliseValue(text: string, replaced: Record<string, string>): string {
  const known = Object.entries(replaced).reduce((t, [from, to]) => t.replaceAll(from, to), text);
  return rules.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), known);
}

/** The cells of a table's row: some are ages. */
function aged(value: unknown, key: string): unknown {
  if (key !== 'cells' || !Array.isArray(value)) return value;
  return value.map((cell) => (typeof cell === 'string' && /^(\d+[smhdy])+$/.test(cell) ? '<age>' : cell));
}

const counted = new Set(['resourceVersion', 'nodePort', 'healthCheckNodePort', 'observedGeneration', 'continue']);

/** One line for each leaf, in the order of the names: `spec.ports[0].port: 80`. */
export function leaves(value: unknown, options: { fields: boolean }, path = ''): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${path}: []`];
    return value.flatMap((item, i) => leaves(item, options, `${path}[${i}]`));
  }
  if (typeof value !== 'object' || value === null) return [`${path}: ${JSON.stringify(value)}`];
  const entries = Object.entries(value).filter(([key]) => options.fields || key !== 'managedFields');
  if (entries.length === 0) return [`${path}: {}`];
  return entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, child]) => {
      const below = path === '' ? key : `${path}.${key}`;
      if (counted.has(key) && (typeof child === 'string' || typeof child === 'number') && child !== '')
        return [`${below}: <${key}>`];
      return leaves(aged(child, key), options, below);
    });
}
