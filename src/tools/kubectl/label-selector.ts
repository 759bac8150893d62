import type { KubeObject } from '../../mesh/objects.ts';

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** The selector of a workload or a Service as a query writes it; undefined without one. */
export function labelSelectorText(owner: KubeObject): string | undefined {
  const { selector } = (owner.spec ?? {}) as { selector?: Selector };
  if (!selector) return undefined;
  const isPlain = owner.kind === 'Service' || owner.kind === 'ReplicationController';
  const labels = isPlain ? (selector as Record<string, string>) : (selector.matchLabels ?? {});
  const expressions = isPlain ? [] : (selector.matchExpressions ?? []);
  return [
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ...expressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
    }),
  ].join(',');
}
