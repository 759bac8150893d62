// What Jenkins' schema junit-10 allows, as data, and a reader of XML strict enough to tell when a file is not of it.

interface Rule {
  required: string[];
  optional: string[];
  children: string[];
  text: boolean;
}

const times = ['time'];
const message = { required: [], optional: ['type', 'message'], children: [], text: true };
const plain = { required: [], optional: [], children: [], text: true };
const rules: Record<string, Rule> = {
  testsuites: {
    required: [],
    optional: ['name', 'tests', 'failures', 'errors', ...times],
    children: ['testsuite'],
    text: false,
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url', ...times],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    text: false,
  },
  testcase: {
    required: ['name'],
    optional: ['classname', 'group', ...times],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    text: false,
  },
  properties: { required: [], optional: [], children: ['property'], text: false },
  property: { required: ['name', 'value'], optional: [], children: [], text: false },
  failure: message,
  error: message,
  skipped: message,
  'system-out': plain,
  'system-err': plain,
};

/** What is wrong with it; empty when it is well formed and of the schema. */
export function junitFaults(xml: string): string[] {
  const faults: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (body === xml) faults.push('no declaration');
  const open: string[] = [];
  let at = 0;
  for (const match of body.matchAll(/<(\/?)([A-Za-z-]+)((?: [a-z]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, closing, tag = '', written = '', empty] = match;
    const between = body.slice(at, match.index);
    at = match.index + whole.length;
    const parent = open.at(-1);
    if (/[<>]/.test(between) || /&(?!amp;|lt;|gt;|quot;)/.test(between + written))
      faults.push(`not escaped before ${whole}`);
    if (between.trim() !== '' && !(parent && rules[parent]?.text)) faults.push(`text in ${parent}`);
    if (closing) {
      if (open.pop() !== tag) faults.push(`</${tag}> closes nothing`);
      continue;
    }
    faults.push(...faultsOf(tag, written, parent));
    if (!empty) open.push(tag);
  }
  if (open.length > 0 || body.slice(at).trim() !== '') faults.push('does not end');
  return faults;
}

function faultsOf(tag: string, written: string, parent: string | undefined): string[] {
  const rule = rules[tag];
  if (!rule) return [`no element ${tag}`];
  const names = [...written.matchAll(/ ([a-z]+)="/g)].map((m) => m[1] ?? '');
  return [
    ...(parent === undefined
      ? tag === 'testsuites'
        ? []
        : [`root ${tag}`]
      : rules[parent]?.children.includes(tag)
        ? []
        : [`${tag} in ${parent}`]),
    ...names.filter((n) => ![...rule.required, ...rule.optional].includes(n)).map((n) => `${tag} has no ${n}`),
    ...rule.required.filter((n) => !names.includes(n)).map((n) => `${tag} without ${n}`),
    ...(new Set(names).size === names.length ? [] : [`an attribute twice in ${tag}`]),
  ];
}
