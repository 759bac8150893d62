import { type Fields, type Findings, fields } from './findings.ts';
import { validateSelector } from './selectors.ts';

export function validatePeerAuthentication(spec: Fields, findings: Findings): void {
  const labels = Object.keys(fields(fields(spec.selector).matchLabels));
  const ports = Object.keys(fields(spec.portLevelMtls));
  if (labels.length === 0 && ports.length > 0)
    findings.error('mesh/namespace peer authentication cannot have port level mTLS');
  for (const port of ports)
    if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535)
      findings.error('port must be in range 1..65535');
  validateSelector(spec.selector, findings);
}
