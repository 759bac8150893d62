// What istiod makes for a Gateway: a Deployment of proxies, the Service in front of it and its ServiceAccount.
import { GROUP } from '../../../mesh/gateway-api/api.ts';
import { type ApiGateway, NAME_LABEL } from '../../../mesh/gateway-api/gateways.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items, present, stringMap, text } from '../../../mesh/read.ts';
import type { InjectionConfiguration } from '../../../tools/istioctl/inject/configuration.ts';
import type { ResourceId } from '../../contract.ts';
import { proxyPodTemplate } from './proxy-pod.ts';

export interface WantedObject {
  resource: ResourceId;
  object: KubeObject;
}

/** `name` is that of the Deployment. */
export function infrastructureOf(
  gateway: ApiGateway,
  name: string,
  configuration: InjectionConfiguration,
): WantedObject[] {
  const { object: owner, namespace } = gateway;
  const { metadata, spec } = owner;
  const serviceAccount = text(metadata.annotations?.['gateway.istio.io/service-account']) ?? `${gateway.name}-istio`;
  const labels = {
    ...ownMarks(owner, 'labels'),
    [NAME_LABEL]: gateway.name,
    'gateway.networking.k8s.io/gateway-class-name': text(fields(spec).gatewayClassName) ?? '',
    'gateway.istio.io/managed': 'istio.io-gateway-controller',
  };
  const annotations = ownMarks(owner, 'annotations');
  const made = (kind: string, apiVersion: string, called: string, rest: Record<string, unknown>): KubeObject => ({
    apiVersion,
    kind,
    metadata: {
      name: called,
      namespace,
      labels,
      annotations,
      ownerReferences: [{ apiVersion: `${GROUP}/v1`, kind: 'Gateway', name: gateway.name, uid: metadata.uid ?? '' }],
    },
    ...rest,
  });
  const pod = { name, namespace, serviceAccount, labels, annotations };
  const deployment = {
    selector: { matchLabels: { [NAME_LABEL]: gateway.name } },
    template: proxyPodTemplate(pod, configuration),
  };
  return [
    { resource: 'serviceaccounts', object: made('ServiceAccount', 'v1', serviceAccount, {}) },
    { resource: 'apps/deployments', object: made('Deployment', 'apps/v1', name, { spec: deployment }) },
    { resource: 'services', object: made('Service', 'v1', name, { spec: serviceSpec(gateway) }) },
  ];
}

/** Of `spec.infrastructure` when that says any, else the Gateway's own. */
function ownMarks({ metadata, spec }: KubeObject, which: 'labels' | 'annotations'): Record<string, string> {
  const given = fields(fields(spec).infrastructure)[which];
  const marks = present(given) ? stringMap(given) : stringMap(metadata[which]);
  const kept = [...marks].filter(([key]) => !(present(given) && key.startsWith(`${GROUP}/`)) && !OMITTED.has(key));
  return Object.fromEntries(kept);
}

const OMITTED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'gateway.istio.io/controller-version',
]);

const TYPES = ['LoadBalancer', 'ClusterIP', 'NodePort'];

function serviceSpec(gateway: ApiGateway): Record<string, unknown> {
  const { metadata, spec } = gateway.object;
  const asked = metadata.annotations?.['networking.istio.io/service-type'] ?? 'LoadBalancer';
  const type = TYPES.includes(asked) ? asked : 'LoadBalancer';
  const address = text(fields(items(fields(spec).addresses)[0]).value);
  return {
    ipFamilyPolicy: 'PreferDualStack',
    ports: servicePorts(gateway),
    selector: { [NAME_LABEL]: gateway.name },
    type,
    ...(address !== undefined && type === 'LoadBalancer' && { loadBalancerIP: address }),
  };
}

/** One for each port, named after its first listener. */
function servicePorts({ listeners }: ApiGateway): unknown[] {
  const ports = [{ name: 'status-port', port: 15021, protocol: 'TCP', appProtocol: 'tcp' }];
  for (const { name, port, protocol, index } of listeners) {
    if (ports.some((known) => known.port === port)) continue;
    const asked = name.replaceAll('.', '-') || `${protocol.toLowerCase()}-${index}`;
    const free = freeName(asked, port, ports);
    ports.push({ name: free, port, protocol: 'TCP', appProtocol: protocol.toLowerCase() });
  }
  return ports;
}

const LONGEST_NAME = 63;

function freeName(asked: string, port: number, ports: readonly { name: string }[]): string {
  const taken = (name: string) => ports.some((known) => known.name === name);
  let name = asked.slice(0, LONGEST_NAME);
  for (let suffix = `-${port}`; taken(name); suffix += 'x') {
    name = asked.slice(0, LONGEST_NAME - suffix.length) + suffix;
  }
  return name;
}
