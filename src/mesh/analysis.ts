// What is wrong with a configuration without sending a request: Istio's own messages, by code.
import { conflictingHosts } from './analysis/conflicting-hosts.ts';
import type { Analyzer, Finding } from './analysis/finding.ts';
import { gatewayHosts, gatewaySelectors } from './analysis/gateway-findings.ts';
import { missingProxies, unlabelledNamespaces } from './analysis/injection-findings.ts';
import { portNames } from './analysis/port-names.ts';
import { references } from './analysis/references.ts';
import { createScene } from './analysis/scene.ts';
import { emptySubsets, subsetsLostAtIngress, unknownRuleHosts } from './analysis/subset-findings.ts';
import { unusedRules } from './analysis/unused-rules.ts';
import type { KubeObject } from './objects.ts';

export type { Finding, Level } from './analysis/finding.ts';

const analyzers: readonly Analyzer[] = [
  references,
  gatewaySelectors,
  gatewayHosts,
  unlabelledNamespaces,
  missingProxies,
  conflictingHosts,
  unusedRules,
  emptySubsets,
  unknownRuleHosts,
  subsetsLostAtIngress,
  portNames,
];

/** Never throws, whatever the objects look like; in no particular order. */
export function analyze(objects: readonly KubeObject[]): Finding[] {
  const scene = createScene(objects);
  return analyzers.flatMap((analyzer) => [...analyzer(scene)]);
}
