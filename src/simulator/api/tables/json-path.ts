// The part of JSONPath that CRDs use for columns: `.spec.hosts`, `.spec['a.b']`, `.items[0]`, `.addresses[*].value`,
// `.conditions[?(@.type=="Ready")].status`.
import { isMap } from '../patch-merge.ts';

type Step = (value: unknown) => unknown[];

/** All values that the path leads to. A path that cannot be read leads nowhere. */
export function compilePath(path: string): (value: unknown) => unknown[] {
  const steps: Step[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const found = FORMS.find(({ form }) => form.test(rest));
    const parts = found?.form.exec(rest);
    if (!found || !parts) return () => [];
    steps.push(found.step(parts[1] ?? '', parts[2] ?? ''));
    rest = rest.slice(parts[0].length);
  }
  return (value) => steps.reduce<unknown[]>((values, step) => values.flatMap(step), [value]);
}

const FORMS: readonly { form: RegExp; step: (first: string, second: string) => Step }[] = [
  { form: /^\.?\[\*\]/, step: () => (value) => (Array.isArray(value) ? value : []) },
  { form: /^\[(\d+)\]/, step: (index) => (value) => (Array.isArray(value) ? defined(value[Number(index)]) : []) },
  { form: /^\[\s*['"]([^'"]+)['"]\s*\]/, step: field },
  { form: /^\[\?\(\s*@\.([\w.-]+)\s*==\s*['"]([^'"]*)['"]\s*\)\]/, step: where },
  { form: /^\.?((?:\\.|[^.[\]'"\\])+)/, step: (name) => field(name.replaceAll('\\', '')) },
];

function field(name: string): Step {
  return (value) => (isMap(value) && Object.hasOwn(value, name) ? defined(value[name]) : []);
}

function where(name: string, wanted: string): Step {
  const steps = name.split('.').map(field);
  return (value) => {
    const items = Array.isArray(value) ? value : [];
    return items.filter((item) => steps.reduce<unknown[]>((found, step) => found.flatMap(step), [item])[0] === wanted);
  };
}

function defined(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : [value];
}
