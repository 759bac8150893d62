// Requests that tell two configurations apart: one for each condition that their routes write, and one that meets none.
import { isIstio, namespaceOf } from '../../mesh/config-objects.ts';
import type { Proxy as MeshProxy, MeshRequest } from '../../mesh/engine.ts';
import { CLUSTER_DOMAIN, fullHost } from '../../mesh/host-names.ts';
import { gatewayReference } from '../../mesh/match.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, hasLabels, integer, items, stringMap, text, texts } from '../../mesh/read.ts';
import { indexServices } from '../../mesh/services.ts';
import { t } from '../say.ts';

export interface Probe {
  /** In Spanish: `GET /productpage` with its headers. */
  title: string;
  /** Who asks: `un pod de default`, `la pasarela istio-system`. */
  from: string;
  proxy: MeshProxy;
  request: MeshRequest;
}

/** More would not be read. */
const MOST = 60;

/** Of the VirtualServices in either configuration whose routes the changed objects may touch. */
export function probesFor(changed: readonly KubeObject[], ...configurations: (readonly KubeObject[])[]): Probe[] {
  const probes = new Map<string, Probe>();
  for (const objects of configurations) {
    const touched = touchedHosts(changed, objects);
    const context = { objects, services: indexServices(objects) };
    for (const route of objects.filter((o) => isIstio(o, 'VirtualService')))
      if (touches(route, touched, changed)) for (const probe of probesOfRoute(route, context)) add(probes, probe);
    for (const host of touched.hosts) for (const probe of plainProbes(host, context)) add(probes, probe);
  }
  return [...probes.values()].slice(0, MOST);
}

function add(probes: Map<string, Probe>, probe: Probe): void {
  const key = JSON.stringify([probe.from, probe.proxy, probe.request]);
  if (!probes.has(key)) probes.set(key, probe);
}

interface Context {
  objects: readonly KubeObject[];
  services: ReturnType<typeof indexServices>;
}

interface Touched {
  hosts: Set<string>;
  gateways: Set<string>;
}

function touchedHosts(changed: readonly KubeObject[], objects: readonly KubeObject[]): Touched {
  const hosts = new Set<string>();
  const gateways = new Set<string>();
  for (const object of changed) {
    const namespace = namespaceOf(object);
    const spec = fields(object.spec);
    if (object.kind === 'VirtualService')
      for (const host of texts(spec.hosts)) {
        const full = fullHost(host, namespace);
        if (full.endsWith(CLUSTER_DOMAIN)) hosts.add(full);
      }
    if (object.kind === 'DestinationRule') hosts.add(fullHost(text(spec.host) ?? '', namespace));
    if (object.kind === 'Gateway') gateways.add(`${namespace}/${object.metadata.name}`);
    if (object.kind === 'Service') hosts.add(fullHost(object.metadata.name, namespace));
    if (policies.has(object.kind)) for (const host of selectedHosts(object, objects)) hosts.add(host);
  }
  return { hosts, gateways };
}

const policies = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']);

/** Services whose pods the policy is for; at most a few, for a policy may be for all. */
function selectedHosts(policy: KubeObject, objects: readonly KubeObject[]): string[] {
  const labels = stringMap(fields(fields(policy.spec).selector).matchLabels);
  const namespace = namespaceOf(policy);
  const index = indexServices(objects);
  return [...index.all()]
    .filter((service) => service.namespace === namespace && service.selector.size > 0)
    .filter((service) =>
      index
        .pods(namespace)
        .some((pod) => hasLabels(pod.metadata.labels, service.selector) && hasLabels(pod.metadata.labels, labels)),
    )
    .map(({ host }) => host)
    .slice(0, 8);
}

function touches(route: KubeObject, { hosts, gateways }: Touched, changed: readonly KubeObject[]): boolean {
  const namespace = namespaceOf(route);
  const spec = fields(route.spec);
  if (
    changed.some(
      (o) => o.kind === route.kind && o.metadata.name === route.metadata.name && namespaceOf(o) === namespace,
    )
  )
    return true;
  if (texts(spec.hosts).some((host) => hosts.has(fullHost(host, namespace)))) return true;
  if (texts(spec.gateways).some((gateway) => gateways.has(gatewayReference(gateway, namespace)))) return true;
  const destinations = items(spec.http).flatMap((rule) =>
    items(fields(rule).route).map((r) => text(fields(fields(r).destination).host) ?? ''),
  );
  return destinations.some((host) => hosts.has(fullHost(host, namespace)));
}

function probesOfRoute(route: KubeObject, context: Context): Probe[] {
  const namespace = namespaceOf(route);
  const spec = fields(route.spec);
  const gateways = texts(spec.gateways);
  const requests = [...items(spec.http).flatMap((rule) => items(fields(rule).match).map(meets)), meetsNone];
  return (gateways.length === 0 ? ['mesh'] : gateways).flatMap((gateway) =>
    texts(spec.hosts)
      .slice(0, 4)
      .flatMap((host) =>
        requests.flatMap((request) =>
          gateway === 'mesh'
            ? fromPod(fullHost(host, namespace), namespace, request, context)
            : fromGateway(host, gatewayReference(gateway, namespace), request, context),
        ),
      ),
  );
}

interface Wanted {
  method: string;
  path: string;
  headers: Record<string, string>;
  labels?: Record<string, string>;
}

const meetsNone: Wanted = { method: 'GET', path: '/', headers: {} };

/** A request that meets the condition. Regular expressions are met when they hold little more than words. */
function meets(match: unknown): Wanted {
  const { uri, method, headers, queryParams, sourceLabels } = fields(match);
  const query = Object.entries(fields(queryParams)).map(([name, value]) => `${name}=${exampleOf(value, 'x')}`);
  const path = exampleOf(uri, '/');
  return {
    method: exampleOf(method, 'GET'),
    path: `${path.startsWith('/') ? path : `/${path}`}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: Object.fromEntries(
      Object.entries(fields(headers))
        .filter(([name]) => !name.startsWith('@'))
        .map(([name, value]) => [name.toLowerCase(), exampleOf(value, 'x')]),
    ),
    ...(sourceLabels !== undefined && { labels: Object.fromEntries(stringMap(sourceLabels)) }),
  };
}

function exampleOf(match: unknown, otherwise: string): string {
  const { exact, prefix, regex } = fields(match);
  const fixed = text(exact) ?? text(prefix);
  if (fixed !== undefined && fixed !== '') return fixed;
  const pattern = text(regex);
  return pattern === undefined ? otherwise : exampleOfPattern(pattern, otherwise);
}

/** `^(.*?;)?(user=jason)(;.*)?$` → `user=jason`. */
function exampleOfPattern(pattern: string, otherwise: string): string {
  if (pattern.length > 500) return otherwise;
  const plain = pattern
    .replaceAll(/^\^|\$$/g, '')
    .replaceAll(/\([^()]*\)[?*]/g, '')
    .replaceAll(/\\d\+?/g, '1')
    .replaceAll(/\[[^\]]*\][+*]?/g, 'a')
    .replaceAll(/\.[*+]\??/g, 'x')
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/[()?]/g, '')
    .split('|')[0];
  return plain || otherwise;
}

function fromPod(host: string, namespace: string, wanted: Wanted, { services }: Context): Probe[] {
  const service = services.byHost(host);
  const port = service?.ports.find((p) => p.protocol !== 'tcp')?.port ?? (service ? undefined : 80);
  if (port === undefined || host.startsWith('*')) return [];
  const labels = wanted.labels ?? {};
  const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    {
      title: titleOf(service ? service.name : host, wanted),
      from: said.length > 0 ? t('un pod de {0} con {1}', namespace, said.join(', ')) : t('un pod de {0}', namespace),
      proxy: { kind: 'sidecar', namespace, labels },
      request: requestOf(host, port, wanted, service?.clusterIP),
    },
  ];
}

function fromGateway(host: string, gateway: string, wanted: Wanted, { objects, services }: Context): Probe[] {
  const [namespace = '', name = ''] = gateway.split('/');
  const found = objects.find((o) => isIstio(o, 'Gateway') && namespaceOf(o) === namespace && o.metadata.name === name);
  if (!found) return [];
  const labels = Object.fromEntries(stringMap(fields(found.spec).selector));
  const server = items(fields(found.spec).servers)
    .map(fields)
    .find(({ port }) => /^HTTP2?$|^GRPC/i.test(text(fields(port).protocol) ?? ''));
  const number = integer(fields(server?.port).number);
  if (number === undefined) return [];
  const home = [...services.all()].find(
    (s) =>
      s.selector.size > 0 &&
      hasLabels(labels, new Map([...s.selector].filter(([key]) => key in labels))) &&
      s.ports.some((p) => p.port === number) &&
      s.name.includes('gateway'),
  );
  const target = home?.ports.find((p) => p.port === number)?.target;
  const authority = host === '*' ? 'ejemplo.com' : host.replace(/^\*\./, 'x.');
  return [
    {
      title: titleOf(host === '*' ? '' : authority, wanted),
      from: t('la pasarela {0}', name),
      proxy: {
        kind: 'gateway',
        namespace: home?.namespace ?? 'istio-system',
        labels: { ...Object.fromEntries(home?.selector ?? []), ...labels },
      },
      request: requestOf(authority, typeof target === 'number' ? target : number, wanted),
    },
  ];
}

function plainProbes(host: string, context: Context): Probe[] {
  const service = context.services.byHost(host);
  return service ? fromPod(host, service.namespace, meetsNone, context) : [];
}

function requestOf(authority: string, port: number, { method, path, headers }: Wanted, address?: string): MeshRequest {
  return { authority, port, method, path, headers, ...(address && { destinationAddress: address }) };
}

function titleOf(host: string, { method, path, headers }: Wanted): string {
  const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${host}${path}${said.length > 0 ? ` (${said.join(', ')})` : ''}`;
}
