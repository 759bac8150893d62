// Labels of workloads: subsets, sourceLabels, endpoints.
import { type Findings, fields, quoted, text } from './findings.ts';

const part = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const qualified = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const keyPattern = new RegExp(`^(${part}(?:\\.${part})*/)?(${qualified})$`);
const valuePattern = new RegExp(`^(${qualified})?$`);

/** Istio lists these problems even when there is only one. */
export function validateLabels(labels: unknown, findings: Findings): void {
  for (const [key, value] of Object.entries(fields(labels))) {
    findings.error(keyProblem(key), true);
    if (!valuePattern.test(text(value))) findings.error(`invalid tag value: ${quoted(text(value))}`, true);
  }
}

function keyProblem(key: string): string | undefined {
  const match = keyPattern.exec(key);
  if (!match) return `invalid tag key: ${quoted(key)}`;
  const [, prefix = '', name = ''] = match;
  if (prefix.length - 1 > 253) return `invalid tag key: ${quoted(key)} (DNS prefix is too long)`;
  return name.length > 63 ? `invalid tag key: ${quoted(key)} (name is too long)` : undefined;
}
