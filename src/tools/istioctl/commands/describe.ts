// A pod or a Service with all of Istio that concerns it, from the cluster's objects and the pod's own Envoy.
import { byAge, isIstio } from '../../../mesh/config-objects.ts';
import { fullHost } from '../../../mesh/host-names.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, stringMap, text } from '../../../mesh/read.ts';
import { containersOf, podPort } from '../../../mesh/services.ts';
import { ToolError } from '../../tool.ts';
import { appliedRules } from '../describe/applied-rules.ts';
import { ingressExposure } from '../describe/ingress-exposure.ts';
import { peerAuthenticationText } from '../describe/peer-mode.ts';
import { protocolName } from '../describe/protocol-name.ts';
import { type ConfigDump, readConfigDump } from '../proxy/config-dump.ts';
import { nameAndNamespace } from '../proxy/find-pod.ts';
import { podRequest } from '../proxy/port-forward.ts';
import { type Command, clientOf, type Invocation } from './command.ts';

const LINE = '--------------------\n';
const ISTIO = 'networking.istio.io/v1';

export const describeCommand: Command = {
  summary: 'Qué reglas de Istio afectan a un pod o a un Service',
  usage: '(pod|service) NOMBRE[.ESPACIO]',
  flags: { ignoreUnmeshed: { kind: 'bool' } },
  async run(invocation) {
    const [kind = '', written] = invocation.args;
    const pod = ['pod', 'po'].includes(kind);
    if (!pod && !['service', 'svc'].includes(kind)) throw new ToolError(`unknown resource type ${kind}`);
    if (written === undefined) throw new ToolError(`expecting ${pod ? 'pod' : 'service'} name`);
    const scene = await readScene(invocation);
    const [name, namespace] = nameAndNamespace(written, scene.namespace);
    const lines = pod ? await describePod(scene, namespace, name) : await describeService(scene, namespace, name);
    invocation.streams.stdout.write(lines);
    return 0;
  },
};

export interface DescribeScene {
  invocation: Invocation;
  /** Asked for with -n: names of other namespaces are told with theirs. */
  namespace: string;
  objects: KubeObject[];
}

async function readScene(invocation: Invocation): Promise<DescribeScene> {
  const client = clientOf(invocation);
  const list = (apiVersion: string, ...kinds: string[]) => kinds.map((kind) => client.list({ apiVersion, kind }));
  const objects = await Promise.all([
    ...list('v1', 'Pod', 'Service', 'Node'),
    ...list(ISTIO, 'VirtualService', 'DestinationRule', 'Gateway'),
    ...list('security.istio.io/v1', 'PeerAuthentication'),
  ]);
  return { invocation, namespace: invocation.flags.text('namespace') ?? 'default', objects: objects.flat() };
}

async function describePod(scene: DescribeScene, namespace: string, name: string): Promise<string> {
  const pod = find(scene, 'Pod', namespace, name);
  if (!pod) throw new ToolError(`pods "${name}" not found`);
  const services = servicesOf(scene, pod);
  const parts = await Promise.all(services.map((service) => serviceText(scene, service, pod)));
  const meshed = containersOf(pod).some((c) => c.name === 'istio-proxy');
  return [
    `Pod: ${shown(scene, pod)}\n`,
    ...(meshed ? [`   Pod Revision: ${pod.metadata.annotations?.['istio.io/rev'] ?? 'default'}\n`] : []),
    ...podPorts(pod),
    ...(meshed ? [] : ['WARNING: Pod is not part of mesh\n']),
    ...parts.map((part) => LINE + part),
    LINE,
    peerAuthenticationText(scene.objects, pod),
    ...services.flatMap((service) => {
      const exposed = ingressExposure(scene.objects, service, scene.namespace);
      return exposed ? [LINE, exposed] : [];
    }),
  ].join('');
}

async function describeService(scene: DescribeScene, namespace: string, name: string): Promise<string> {
  const service = find(scene, 'Service', namespace, name);
  if (!service) throw new ToolError(`services "${name}" not found`);
  const selector = stringMap(fields(service.spec).selector);
  const pods = scene.objects.filter(
    (o) => o.kind === 'Pod' && o.metadata.namespace === namespace && hasLabels(o.metadata.labels, selector),
  );
  const [first] = pods;
  const exposed = ingressExposure(scene.objects, service, scene.namespace);
  const body = first ? await serviceText(scene, service, first, pods) : `Service: ${shown(scene, service)}\n`;
  return body + (exposed ? LINE + exposed : '');
}

function find({ objects }: DescribeScene, kind: string, namespace: string, name: string): KubeObject | undefined {
  return objects.find((o) => o.kind === kind && o.metadata.namespace === namespace && o.metadata.name === name);
}

/** With its namespace when that is not the one asked for. */
function shown({ namespace }: DescribeScene, { metadata }: KubeObject): string {
  return metadata.namespace === namespace ? metadata.name : `${metadata.name}.${metadata.namespace}`;
}

function servicesOf({ objects }: DescribeScene, pod: KubeObject): KubeObject[] {
  return objects.filter((o) => {
    const selector = stringMap(fields(o.spec).selector);
    return (
      o.kind === 'Service' &&
      o.apiVersion === 'v1' &&
      o.metadata.namespace === pod.metadata.namespace &&
      selector.size > 0 &&
      hasLabels(pod.metadata.labels, selector)
    );
  });
}

function podPorts(pod: KubeObject): string[] {
  const ports = containersOf(pod)
    .filter((c) => c.name !== 'istio-proxy' || containersOf(pod).length === 1)
    .flatMap((c) => items(c.ports).map((p) => `${String(fields(p).containerPort)} (${String(c.name)})`));
  return ports.length > 0 ? [`   Pod Ports: ${ports.join(', ')}\n`] : [];
}

async function serviceText(
  scene: DescribeScene,
  service: KubeObject,
  pod: KubeObject,
  pods: readonly KubeObject[] = [pod],
): Promise<string> {
  const ports = items(fields(service.spec).ports).map((item) => {
    const port = fields(item);
    const target =
      typeof port.targetPort === 'string' || typeof port.targetPort === 'number' ? port.targetPort : Number(port.port);
    const name = text(port.name) ?? '';
    const protocol = protocolName(name, text(port.appProtocol), Number(port.port));
    const line = `   Port: ${name} ${String(port.port)}/${protocol} targets pod port ${podPort(pod, target) ?? target}\n`;
    return { port: Number(port.port), line, http: /^(HTTP|HTTP2|GRPC|GRPC-Web)$/.test(protocol) };
  });
  const head = `Service: ${shown(scene, service)}\n${ports.map((p) => p.line).join('')}`;
  const dump = await dumpOf(scene, pod);
  const policies = rbacPolicies(dump);
  const parts = ports.map(({ port, http }) => {
    const rules = appliedByEnvoy(scene, service, dump).filter((r) => r.kind === 'DestinationRule' || http);
    const body = rules.map((rule) => appliedRules(scene, service, pods, rule)).join('');
    const rbac = policies.length > 0 ? `RBAC policies: ${policies.join(', ')}\n` : '';
    return { port, body, rbac };
  });
  const [only] = parts;
  if (parts.length === 1 && only) return head + only.body + only.rbac;
  // With several ports, each has its own part.
  return head + parts.map(({ port, body, rbac }) => `${port}:\n${indented(body)}${rbac && `${port} ${rbac}`}`).join('');
}

const indented = (text: string) => text.replace(/^(?=.)/gm, '   ');

async function dumpOf({ invocation }: DescribeScene, pod: KubeObject): Promise<ConfigDump> {
  const { name, namespace = 'default' } = pod.metadata;
  const meshed = containersOf(pod).some((c) => c.name === 'istio-proxy');
  if (!meshed) return readConfigDump('{}');
  return readConfigDump(await podRequest(invocation, { namespace, pod: name, port: 15_000 }, 'GET', 'config_dump'));
}

/** Of the first HTTP filter that carries any. */
function rbacPolicies({ listeners }: ConfigDump): string[] {
  for (const listener of listeners) {
    for (const chain of items(listener.filter_chains).map(fields)) {
      for (const filter of items(chain.filters).map(fields)) {
        for (const http of items(fields(filter.typed_config).http_filters).map(fields)) {
          const names = Object.keys(fields(fields(fields(http.typed_config).rules).policies));
          if (http.name === 'envoy.filters.http.rbac' && names.length > 0) return names;
        }
      }
    }
  }
  return [];
}

/** The DestinationRules and VirtualServices of the host; those that the Envoy has are what its metadata names. */
function appliedByEnvoy(scene: DescribeScene, service: KubeObject, dump: ConfigDump): KubeObject[] {
  const { name, namespace = 'default' } = service.metadata;
  const host = fullHost(name, namespace);
  const used = JSON.stringify([dump.clusters, dump.routes]);
  const named = (kind: string, o: KubeObject) =>
    used.includes(`/namespaces/${o.metadata.namespace}/${kind}/${o.metadata.name}"`);
  const hosts = (o: KubeObject) => {
    const { hosts: list, host: one } = fields(o.spec);
    return [...items(list), one].flatMap((h) =>
      typeof h === 'string' ? [fullHost(h, o.metadata.namespace ?? 'default')] : [],
    );
  };
  const own = (kind: string, path: string) =>
    scene.objects
      .filter((o) => isIstio(o, kind) && hosts(o).includes(host) && named(path, o))
      .sort(byAge)
      .slice(0, 1);
  return [...own('DestinationRule', 'destination-rule'), ...own('VirtualService', 'virtual-service')];
}
