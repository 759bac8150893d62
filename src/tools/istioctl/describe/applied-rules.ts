// A DestinationRule or VirtualService as it touches the pods of a Service.
import { fullHost } from '../../../mesh/host-names.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, present, stringMap, text } from '../../../mesh/read.ts';

interface Scene {
  namespace: string;
  objects: readonly KubeObject[];
}

export function appliedRules(scene: Scene, service: KubeObject, pods: readonly KubeObject[], rule: KubeObject): string {
  return rule.kind === 'DestinationRule'
    ? destinationRule(scene, pods, rule)
    : virtualService(scene, service, pods, rule);
}

const shown = ({ namespace }: Scene, { metadata }: KubeObject) =>
  metadata.namespace === namespace ? metadata.name : `${metadata.name}.${metadata.namespace}`;

function destinationRule(scene: Scene, pods: readonly KubeObject[], rule: KubeObject): string {
  const { host, subsets, trafficPolicy } = fields(rule.spec);
  const all = items(subsets).map(fields);
  const matches = (subset: Readonly<Record<string, unknown>>) =>
    pods.some((pod) => hasLabels(pod.metadata.labels, stringMap(subset.labels)));
  const names = (list: typeof all) => list.map((s) => String(s.name)).join(',');
  const [own, other] = [all.filter(matches), all.filter((s) => !matches(s))];
  const lines = [`DestinationRule: ${shown(scene, rule)} for "${String(host)}"\n`];
  if (all.length > 0)
    lines.push(
      own.length > 0
        ? `   Matching subsets: ${names(own)}\n`
        : `   WARNING POD DOES NOT MATCH ANY SUBSETS.  (Non matching subsets ${names(other)})\n`,
    );
  if (own.length > 0 && other.length > 0) lines.push(`      (Non-matching subsets ${names(other)})\n`);
  lines.push(policyText(fields(trafficPolicy), present(trafficPolicy)));
  return lines.join('');
}

const POLICIES: readonly (readonly [string, string])[] = [
  ['loadBalancer', 'load balancer'],
  ['connectionPool', 'connection pool'],
  ['outlierDetection', 'outlier detection'],
];

function policyText(policy: Readonly<Record<string, unknown>>, there: boolean): string {
  if (!there) return '   No Traffic Policy\n';
  const mode = text(fields(policy.tls).mode);
  const extra = POLICIES.filter(([key]) => present(policy[key])).map(([, name]) => name);
  return [
    ...(mode ? [`   Traffic Policy TLS Mode: ${mode}\n`] : []),
    ...(extra.length > 0 ? [`   Policies: ${extra.join('/')}\n`] : []),
  ].join('');
}

function virtualService(scene: Scene, service: KubeObject, pods: readonly KubeObject[], rule: KubeObject): string {
  const { namespace = 'default' } = rule.metadata;
  const host = fullHost(service.metadata.name, service.metadata.namespace ?? 'default');
  const rules = items(fields(rule.spec).http).map(fields);
  const facts: string[] = [];
  let others = 0;
  for (const http of rules) {
    const routes = items(http.route).map(fields);
    const own = routes.filter((route) => reaches(scene, route, host, namespace, pods));
    if (own.length === 0) others += 1;
    else facts.push(...ruleFacts(http, own, routes.length));
  }
  return [
    `VirtualService: ${shown(scene, rule)}\n`,
    ...(facts.length > 0 ? facts : [`   ${rules.length} HTTP route(s)\n`]),
    ...(others > 0 ? [`   ${others} additional destination(s) that will not reach this pod\n`] : []),
  ].join('');
}

function ruleFacts(
  http: Readonly<Record<string, unknown>>,
  own: readonly Readonly<Record<string, unknown>>[],
  count: number,
): string[] {
  const facts = [...faultText(http.fault), ...items(http.match).map((m) => `Match: ${matchText(fields(m))}`)];
  return [
    ...own.flatMap((route) => destinationText(route, count)),
    ...(facts.length > 0 ? [`   ${facts.join(', ')}\n`] : []),
  ];
}

function reaches(
  scene: Scene,
  route: Readonly<Record<string, unknown>>,
  host: string,
  namespace: string,
  pods: readonly KubeObject[],
): boolean {
  const { host: target, subset } = fields(route.destination);
  if (fullHost(text(target) ?? '', namespace) !== host) return false;
  if (!text(subset)) return true;
  const labels = scene.objects
    .filter(
      (o) =>
        o.kind === 'DestinationRule' &&
        fullHost(String(fields(o.spec).host), o.metadata.namespace ?? 'default') === host,
    )
    .flatMap((o) => items(fields(o.spec).subsets).map(fields))
    .find((s) => s.name === subset)?.labels;
  return labels !== undefined && pods.some((pod) => hasLabels(pod.metadata.labels, stringMap(labels)));
}

function destinationText({ destination, weight }: Readonly<Record<string, unknown>>, count: number): string[] {
  const { host, subset } = fields(destination);
  if (typeof weight !== 'number' || count === 1) return [];
  const share = ` with weight ${weight}%`;
  return [`   Route to host "${String(host)}"${text(subset) ? ` subset "${text(subset)}"` : ''}${share}\n`];
}

function faultText(fault: unknown): string[] {
  const { delay, abort } = fields(fault);
  const share = (of: unknown) => {
    const { value } = fields(fields(of).percentage);
    return typeof value === 'number' ? `  percentage:{value:${value}}` : '';
  };
  const parts = [
    ...(present(delay)
      ? [`delay:{fixed_delay:{seconds:${Number.parseFloat(String(fields(delay).fixedDelay))}}${share(delay)}}`]
      : []),
    ...(present(abort) ? [`abort:{http_status:${String(fields(abort).httpStatus)}${share(abort)}}`] : []),
  ];
  return parts.length > 0 ? [`Fault injection ${parts.join('  ')}`] : [];
}

/** `/api* when headers are end-user=jason`. */
export function matchText(match: Readonly<Record<string, unknown>>): string {
  const uri = valueText(match.uri);
  const headers = Object.entries(fields(match.headers))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${valueText(value)}`);
  const path = uri && match.ignoreUriCase === true ? `${uri} uncased` : uri;
  const parts = [path, ...(headers.length > 0 ? [`when headers are ${headers.join('; ')}`] : [])];
  return parts.filter((part) => part !== '').join(' ');
}

function valueText(value: unknown): string {
  const { exact, prefix, regex } = fields(value);
  if (text(exact) !== undefined) return String(exact);
  if (text(prefix) !== undefined) return `${String(prefix)}*`;
  return text(regex) === undefined ? '' : `regex:${JSON.stringify(regex)}`;
}
