// exportTo: who sees an object.
import { type Findings, texts } from './findings.ts';
import { isLabel } from './names.ts';

export type Exporter = 'plain' | 'service entry' | 'destination rule with selector';

export function validateExportTo(value: unknown, namespace: string, exporter: Exporter, findings: Findings): void {
  const entries = texts(value);
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = entry === '.' ? namespace : entry;
    if (seen.has(key)) {
      findings.error(
        key === entry
          ? `duplicate entries in exportTo for entry ${entry}`
          : `duplicate entries in exportTo: . and current namespace ${namespace}`,
      );
      continue;
    }
    const problem = exporter === 'service entry' && entry === '~' ? undefined : visibility(key);
    findings.error(problem);
    if (problem === undefined) seen.add(key);
  }
  if (exporter === 'destination rule with selector' && seen.size > 0) {
    if (!seen.has(namespace))
      findings.error('destination rule with workload selector cannot have exportTo beyond current namespace');
    else if (seen.size > 1)
      findings.error('destination rule with workload selector cannot have multiple entries in exportTo');
  }
  if (entries.length < 2) return;
  if (seen.has('*')) findings.error('cannot have both public (*) and non-public exportTo values for a resource');
  if (seen.has('~')) findings.error('cannot export service entry to no one (~) and someone');
}

function visibility(entry: string): string | undefined {
  if (entry === '~') return 'exportTo ~ (none) is not allowed for Istio configuration objects';
  if (entry === '.' || entry === '*' || isLabel(entry)) return undefined;
  return 'only .,*, or a valid DNS 1123 label is allowed as exportTo entry';
}
