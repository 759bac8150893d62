// Names of Gateways that a VirtualService or one of its matches is bound to.
import { type Findings, quoted } from './findings.ts';
import { domainName, isLabel } from './names.ts';

export function validateGatewayNames(names: string[], findings: Findings): void {
  for (const name of names) {
    const [namespace = '', rest] = name.split(/\/(.*)/s);
    if (rest === undefined) {
      const [legacyName, legacyNamespace] = name.split('.');
      if (legacyNamespace !== undefined)
        findings.warn(
          `using legacy gatewayName format ${quoted(name)}; prefer the <namespace>/<name> format: ${quoted(`${legacyNamespace}/${legacyName}`)}`,
        );
      findings.error(domainName(name));
      // Istio stops at the first name without a namespace.
      return;
    }
    if (namespace === '' || rest === '') findings.error('config namespace and gateway name cannot be empty');
    if (!isLabel(namespace)) findings.error(`invalid value for namespace: ${quoted(namespace)}`);
    if (!isLabel(rest)) findings.error(`invalid value for gateway name: ${quoted(rest)}`);
  }
}
