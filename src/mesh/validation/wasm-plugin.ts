import { type Fields, type Findings, fields, list, number, text } from './findings.ts';
import { validateTargets } from './selectors.ts';

export function validateWasmPlugin(spec: Fields, findings: Findings): void {
  validateTargets(spec, findings);
  findings.error(urlProblem(text(spec.url)));
  findings.error(digestProblem(text(spec.sha256)));
  if (text(spec.imagePullSecret).length > 253)
    findings.error('imagePullSecret field must be less than 253 characters long');
  if (text(spec.pluginName).length > 256) findings.error('pluginName field must be less than 255 characters long');
  findings.error(environmentProblem(list(fields(spec.vmConfig).env).map(fields)));
  findings.error(matchProblem(list(spec.match).map(fields)));
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'url field needs to be set';
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase() ?? '';
  return ['', 'file', 'http', 'https', 'oci'].includes(scheme)
    ? undefined
    : `url contains unsupported scheme: ${scheme}`;
}

function digestProblem(digest: string): string | undefined {
  if (digest === '') return undefined;
  if (digest.length !== 64) return 'sha256 field must be 64 characters long';
  return /^[a-f0-9]*$/.test(digest) ? undefined : 'sha256 field must match [a-f0-9]{64} pattern';
}

function environmentProblem(variables: Fields[]): string | undefined {
  const seen = new Set<string>();
  for (const variable of variables) {
    const name = text(variable.name);
    if (name === '') return 'spec.vmConfig.env invalid';
    if (name.length > 256) return 'env.name field must be less than 255 characters long';
    if (seen.has(name)) return 'duplicate env';
    seen.add(name);
    if (variable.valueFrom === 'HOST' && text(variable.value) !== '')
      return 'value may only be set when valueFrom is INLINE';
  }
  return undefined;
}

function matchProblem(selectors: Fields[]): string | undefined {
  for (const [index, selector] of selectors.entries())
    for (const [at, port] of list(selector.ports).map(fields).entries()) {
      const value = number(port.number);
      if (value <= 0 || value > 65535) return `spec.Match[${index}].Ports[${at}] is out of range: ${value}`;
    }
  return undefined;
}
