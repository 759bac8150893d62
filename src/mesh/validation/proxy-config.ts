import { type Fields, type Findings, number } from './findings.ts';
import { validateSelector } from './selectors.ts';

export function validateProxyConfig(spec: Fields, findings: Findings): void {
  validateSelector(spec.selector, findings);
  if (number(spec.concurrency) < 0) findings.error('concurrency must be greater than or equal to 0');
}
