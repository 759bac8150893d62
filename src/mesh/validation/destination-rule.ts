import type { KubeObject } from '../objects.ts';
import { validateExportTo } from './export-to.ts';
import { type Fields, type Findings, fields, list, optionalFields, text } from './findings.ts';
import { validateLabels } from './labels.ts';
import { subsetName, wildcardDomain } from './names.ts';
import { validateSelector } from './selectors.ts';
import { validateTrafficPolicy } from './traffic-policy.ts';

export function validateDestinationRule(spec: Fields, findings: Findings, object: KubeObject): void {
  findings.error(wildcardDomain(text(spec.host)));
  validateTrafficPolicy(optionalFields(spec.trafficPolicy), findings);
  const seen = new Set<string>();
  for (const subset of list(spec.subsets).map(fields)) {
    const name = text(subset.name);
    if (seen.has(name)) findings.error(`duplicate subset names: ${name}`);
    seen.add(name);
    findings.error(subsetName(name));
    validateLabels(subset.labels, findings);
    validateTrafficPolicy(optionalFields(subset.trafficPolicy), findings);
  }
  const exporter = spec.workloadSelector === undefined ? 'plain' : 'destination rule with selector';
  validateExportTo(spec.exportTo, object.metadata.namespace ?? '', exporter, findings);
  validateSelector(spec.workloadSelector, findings);
}
