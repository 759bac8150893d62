// What is wrong with a configuration without sending a request: Istio's own messages, by code.
import { annotations } from './analysis/annotation-findings.ts';
import { conflictingHosts } from './analysis/conflicting-hosts.ts';
import { conflictingProtocols, entriesWithoutAddresses } from './analysis/entry-findings.ts';
import type { Analyzer, Finding } from './analysis/finding.ts';
import {
  conflictingGateways,
  missingCredentials,
  sharedCertificates,
  uncheckedClaims,
  unreachablePorts,
} from './analysis/gateway-conflicts.ts';
import { gatewayHosts, gatewaySelectors } from './analysis/gateway-findings.ts';
import { doubleLabels, missingProxies, unlabelledNamespaces } from './analysis/injection-findings.ts';
import { riskyPatches } from './analysis/patch-findings.ts';
import { portNames } from './analysis/port-names.ts';
import { references } from './analysis/references.ts';
import { createScene } from './analysis/scene.ts';
import { policyTargets, sidecarSelectors, telemetrySelectors } from './analysis/selector-findings.ts';
import { emptySubsets, subsetsLostAtIngress, unknownRuleHosts } from './analysis/subset-findings.ts';
import { uncheckedServers } from './analysis/tls-findings.ts';
import { unusedRules } from './analysis/unused-rules.ts';
import { reservedUsers, sharedDeployments } from './analysis/workload-findings.ts';
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
  sidecarSelectors,
  telemetrySelectors,
  policyTargets,
  uncheckedServers,
  conflictingGateways,
  sharedCertificates,
  missingCredentials,
  unreachablePorts,
  uncheckedClaims,
  reservedUsers,
  sharedDeployments,
  entriesWithoutAddresses,
  conflictingProtocols,
  riskyPatches,
  annotations,
  doubleLabels,
];

/** Never throws, whatever the objects look like; in no particular order. */
export function analyze(objects: readonly KubeObject[]): Finding[] {
  const scene = createScene(objects);
  return analyzers.flatMap((analyzer) => [...analyzer(scene)]);
}
