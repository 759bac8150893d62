// Sidecars, Telemetries and AuthorizationPolicies whose selector elects nobody (IST0101, IST0127), or several for one pod or one
// namespace (IST0110, IST0111, IST0159, IST0160).
import { namespaceOf } from '../config-objects.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, items, stringMap, texts } from '../read.ts';
import { hasProxy } from '../services.ts';
import { type Finding, notFound, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

const ROOT = 'istio-system';

export function sidecarSelectors({ sidecars, pods }: Scene): Finding[] {
  const labelsOf = (object: KubeObject) => stringMap(fields(fields(object.spec).workloadSelector).labels);
  return selectorFindings(sidecars, pods, {
    labelsOf,
    path: 'spec.workloadSelector.labels',
    words: 'Sidecars',
    codes: ['IST0110', 'IST0111'],
    isForNamespace: (object) => labelsOf(object).size === 0,
  });
}

export function telemetrySelectors({ telemetries, pods }: Scene): Finding[] {
  return selectorFindings(telemetries, pods, {
    labelsOf: (object) => stringMap(fields(fields(object.spec).selector).matchLabels),
    path: 'spec.selector.matchLabels',
    words: 'Telemetries',
    codes: ['IST0159', 'IST0160'],
    isForNamespace: ({ spec }) => fields(spec).selector === undefined,
  });
}

interface Selecting {
  labelsOf(object: KubeObject): Map<string, string>;
  path: string;
  words: string;
  codes: [samePod: string, sameNamespace: string];
  isForNamespace(object: KubeObject): boolean;
}

function selectorFindings(objects: readonly KubeObject[], pods: readonly KubeObject[], how: Selecting): Finding[] {
  const findings: Finding[] = [];
  const byPod = new Map<KubeObject, KubeObject[]>();
  const byNamespace = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const namespace = namespaceOf(object);
    const labels = how.labelsOf(object);
    if (how.isForNamespace(object)) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), object]);
    if (labels.size === 0) continue;
    const chosen = pods.filter((pod) => namespaceOf(pod) === namespace && hasLabels(pod.metadata.labels, labels));
    if (chosen.length === 0)
      findings.push(notFound(object, `${how.path}.${[...labels.keys()].sort()[0]}`, 'selector', selectorText(labels)));
    for (const pod of chosen) byPod.set(pod, [...(byPod.get(pod) ?? []), object]);
  }
  for (const [pod, rivals] of byPod) {
    const names = namesOf(rivals);
    const text = `The ${how.words} ${names} in namespace "${namespaceOf(pod)}" select the same workload pod "${pod.metadata.name}", which can lead to undefined behavior.`;
    if (rivals.length > 1)
      findings.push(...rivals.map((object) => conflict(object, how.codes[0], text, 'metadata.name')));
  }
  for (const [namespace, rivals] of byNamespace) {
    const text = `The ${how.words} ${namesOf(rivals)} in namespace "${namespace}" have no workload selector, which can lead to undefined behavior.`;
    if (rivals.length > 1) findings.push(...rivals.map((object) => conflict(object, how.codes[1], text, '')));
  }
  return findings;
}

function conflict(object: KubeObject, code: string, text: string, path: string): Finding {
  return { code, level: 'Error', object: sourceOf(object, path), text };
}

const namesOf = (objects: KubeObject[]) =>
  `[${objects
    .map((o) => o.metadata.name)
    .sort()
    .join(' ')}]`;

/** As Kubernetes writes a selector: sorted by key. */
export function selectorText(labels: ReadonlyMap<string, string>): string {
  return [...labels]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/** AuthorizationPolicies for nobody, and those that name a namespace that is not there. */
export function policyTargets({ policies, pods, namespaces }: Scene): Finding[] {
  const inMesh = pods.filter((pod) => hasProxy(pod));
  const known = namespaces.map((n) => n.metadata.name);
  return policies.flatMap((policy) => {
    const { selector, rules } = fields(policy.spec);
    const namespace = namespaceOf(policy);
    const labels = stringMap(fields(selector).matchLabels);
    const meshWide = namespace === ROOT;
    const chosen = inMesh
      .filter((pod) => meshWide || namespaceOf(pod) === namespace)
      .filter((pod) => hasLabels(pod.metadata.labels, labels));
    const nobody = chosen.length === 0 && !(meshWide && selector === undefined);
    const text = `No matching workloads for this resource with the following labels: ${selectorText(labels)}`;
    return [
      ...(nobody ? [{ code: 'IST0127', level: 'Warning' as const, object: sourceOf(policy, ''), text }] : []),
      ...items(rules).flatMap((rule, r) =>
        items(fields(rule).from).flatMap((from, f) =>
          unknownNamespaces(policy, fields(from).source, `spec.rules[${r}].from[${f}]`, known),
        ),
      ),
    ];
  });
}

function unknownNamespaces(policy: KubeObject, source: unknown, path: string, known: string[]): Finding[] {
  const { namespaces, notNamespaces } = fields(source);
  const named = (values: unknown, field: string) =>
    texts(values).flatMap((name, index) =>
      known.some((one) => matches(one, name))
        ? []
        : [notFound(policy, `${path}.source.${field}[${index}]`, 'namespace', name)],
    );
  return [...named(namespaces, 'namespaces'), ...named(notNamespaces, 'notNamespaces')];
}

function matches(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return name.toLowerCase() === pattern.toLowerCase();
}
