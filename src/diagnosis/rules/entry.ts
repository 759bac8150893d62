// The way in: from the ingress gateway to the VirtualService that should take the request.

import { printLabels } from '../../cluster/labels.ts';
import { covers, fullHost } from '../../mesh/host-names.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { entryPort, gatewayPods, listenerPort, selectsGatewayPods, targetOf } from '../gateway-pods.ts';
import { decideAtEntry, type EntryRequest, hostOf } from '../prediction.ts';
import type { Gateway, Scene, VirtualService } from '../scene.ts';
import type { GatewayServerSpec } from '../specs.ts';
import { closest, isTypo } from '../typo.ts';
import { missingIngress } from './installation.ts';

/** Why nothing listens at the entry address. */
export function closedEntry(scene: Scene, url: URL): Diagnosis | undefined {
  return missingIngress(scene) ?? noGateway(scene) ?? noSelectedPod(scene) ?? noListener(scene, url);
}

/** Why the entry listens and no VirtualService is asked. */
export function unboundEntry(scene: Scene, url: URL, host: string): Diagnosis | undefined {
  const open = openServers(scene, url);
  const serving = open.filter(({ server }) => (server.hosts ?? []).some((h) => covers(withoutNamespace(h), host)));
  const [first] = open;
  if (serving.length === 0 && first) {
    const admitted = open
      .filter(({ gateway }) => gateway === first.gateway)
      .flatMap(({ server }) => server.hosts ?? []);
    return notAdmitted(first.gateway, { host, admitted, path: `spec.servers[${first.index}].hosts` });
  }
  const bound = scene.virtualServices.filter((vs) =>
    serving.some(({ gateway }) => bindings(vs).includes(idOf(gateway))),
  );
  if (bound.length === 0) return wrongProtocol(scene, url) ?? unbound(scene, serving);
  if (bound.some((vs) => coversHost(vs, host))) return undefined;
  return meantForHost(scene, serving, bound, host) ?? hostsApart(bound, host);
}

export function notAdmitted(
  gateway: Gateway,
  { host, admitted, path }: { host: string; admitted: readonly string[]; path: string },
): Diagnosis {
  const message = `${nameOf(gateway)} no admite el host «${host}» (admite ${admitted.join(', ')})`;
  return diagnose('MALLA-PAS-04', message, { at: gateway, path });
}

/** The entry takes connections and speaks no HTTP: the Gateway says another protocol for its port. */
export function wrongProtocol(scene: Scene, url: URL): Diagnosis | undefined {
  const open = openServers(scene, url);
  const found = open.find(({ server }) => !speaksHttp(server.port?.protocol));
  if (!found || open.some(({ server }) => speaksHttp(server.port?.protocol))) return undefined;
  const { gateway, server, index } = found;
  return diagnose(
    'MALLA-PAS-05',
    `${nameOf(gateway)} usa el protocolo ${server.port?.protocol} en el puerto ${server.port?.number}`,
    { at: gateway, path: `spec.servers[${index}].port.protocol` },
  );
}

/** A name that should get 404 is taken: a VirtualService for any name takes what nobody else does. */
export function openToAnyone(
  scene: Scene,
  request: EntryRequest,
  { expected, seen }: { expected: number; seen: number },
): Diagnosis | undefined {
  if (expected !== 404 || seen >= 400 || request.service) return undefined;
  const source = decideAtEntry(scene, request)?.steps.find((s) => s.kind === 'virtual-host')?.source;
  const vs = scene.virtualServices.find(
    ({ metadata }) => metadata.name === source?.name && metadata.namespace === source.namespace,
  );
  const index = (vs?.spec?.hosts ?? []).findIndex((h) => h.includes('*'));
  if (!vs || index < 0) return undefined;
  const name = hostOf(request).replace(/:\d+$/, '');
  return diagnose('MALLA-PAS-16', `${nameOf(vs)} vale para «${vs.spec?.hosts?.[index]}», y recoge también «${name}»`, {
    at: vs,
    path: `spec.hosts[${index}]`,
  });
}

/** Gateways that make the entry listen. */
export function openGateways(scene: Scene, url: URL): Gateway[] {
  return scene.gateways.filter((g) => selectsGatewayPods(scene, g) && opens(scene, g, url));
}

/** A VirtualService that names a Gateway which does not exist. */
export function strayBinding(scene: Scene): Diagnosis | undefined {
  for (const vs of scene.virtualServices) {
    const found = unknownGateway(scene, vs);
    if (found) return found;
  }
  return undefined;
}

/** The gateways that a VirtualService names, as `namespace/name`; `mesh` as it is. */
export function bindings(vs: VirtualService): string[] {
  const names = vs.spec?.gateways ?? [];
  if (names.length === 0) return ['mesh'];
  return names.map((g) => (g === 'mesh' || g.includes('/') ? g : `${vs.metadata.namespace}/${g}`));
}

export function idOf(gateway: Gateway): string {
  return `${gateway.metadata.namespace}/${gateway.metadata.name}`;
}

function noGateway(scene: Scene): Diagnosis | undefined {
  if (scene.gateways.length > 0) return undefined;
  return diagnose('MALLA-PAS-01', 'No hay ningún objeto Gateway, así que el ingress gateway no abre ningún puerto');
}

function noSelectedPod(scene: Scene): Diagnosis | undefined {
  const [gateway] = scene.gateways;
  if (!gateway || scene.gateways.some((g) => selectsGatewayPods(scene, g))) return undefined;
  const labels = gatewayPods(scene)[0]?.metadata.labels ?? {};
  const known = printLabels(Object.fromEntries(Object.entries(labels).filter(([k]) => k === 'istio' || k === 'app')));
  return diagnose(
    'MALLA-PAS-02',
    `${nameOf(gateway)} selecciona ${printLabels(gateway.spec?.selector) || 'nada'}, y los pods de la pasarela llevan ${known}`,
    { at: gateway, path: 'spec.selector' },
  );
}

function noListener(scene: Scene, url: URL): Diagnosis | undefined {
  const gateway = scene.gateways.find((g) => selectsGatewayPods(scene, g));
  if (!gateway || openGateways(scene, url).length > 0) return undefined;
  return otherPort(scene, gateway, url);
}

/** A Gateway that listens elsewhere than where the request comes in. */
export function otherPort(scene: Scene, gateway: Gateway, url: URL): Diagnosis {
  const numbers = (gateway.spec?.servers ?? []).map((s) => s.port?.number);
  const port = entryPort(scene, url);
  return diagnose(
    'MALLA-PAS-03',
    `${nameOf(gateway)} abre el puerto ${numbers.join(', ') || '(ninguno)'}, y se entra por el ${port?.port} (${port ? targetOf(port) : ''} en el pod)`,
    { at: gateway, path: 'spec.servers[0].port.number' },
  );
}

interface OpenServer {
  gateway: Gateway;
  server: GatewayServerSpec;
  index: number;
}

/** Servers of any Gateway that listen where the request comes in. */
function openServers(scene: Scene, url: URL): OpenServer[] {
  return openGateways(scene, url).flatMap((gateway) =>
    (gateway.spec?.servers ?? []).flatMap((server, index) =>
      isAt(scene, server, url) ? [{ gateway, server, index }] : [],
    ),
  );
}

function opens(scene: Scene, gateway: Gateway, url: URL): boolean {
  return (gateway.spec?.servers ?? []).some((server) => isAt(scene, server, url));
}

function isAt(scene: Scene, { port }: GatewayServerSpec, url: URL): boolean {
  const entry = entryPort(scene, url);
  return entry !== undefined && listenerPort(scene, port?.number ?? 0) === targetOf(entry);
}

function speaksHttp(protocol: string | undefined): boolean {
  return /^(HTTP|HTTP2|GRPC|GRPC-WEB|HTTPS)$/i.test(protocol ?? 'HTTP');
}

function unbound(scene: Scene, serving: readonly OpenServer[]): Diagnosis | undefined {
  const [first] = serving;
  if (!first) return undefined;
  const known = new Set(scene.gateways.map(idOf));
  const stray = strayBinding(scene);
  if (stray) return stray;
  // The one that was meant, most likely: for any host, or the only other thing that the student has written.
  const loose = scene.virtualServices.filter((vs) => !bindings(vs).some((b) => known.has(b)));
  const candidate = loose.find((vs) => (vs.spec?.hosts ?? []).some((h) => h.includes('*'))) ?? loose[0];
  return diagnose('MALLA-RUT-01', `Ningún VirtualService está ligado a ${nameOf(first.gateway)}`, {
    at: candidate ?? first.gateway,
    path: candidate ? 'spec.gateways' : undefined,
  });
}

/** A VirtualService for just that host, which the Gateway does not see. */
function meantForHost(
  scene: Scene,
  [first]: readonly OpenServer[],
  bound: readonly VirtualService[],
  host: string,
): Diagnosis | undefined {
  const meant = scene.virtualServices.find((vs) => !bound.includes(vs) && coversHost(vs, host));
  if (!meant || !first) return undefined;
  return (
    unknownGateway(scene, meant) ??
    diagnose('MALLA-RUT-01', `${nameOf(meant)}, que es para «${host}», no está ligado a ${nameOf(first.gateway)}`, {
      at: meant,
      path: 'spec.gateways',
    })
  );
}

/** The first Gateway that it names and does not exist. */
function unknownGateway(scene: Scene, vs: VirtualService): Diagnosis | undefined {
  const known = new Set(scene.gateways.map(idOf));
  const index = bindings(vs).findIndex((b) => b !== 'mesh' && !known.has(b));
  if (index < 0) return undefined;
  const written = vs.spec?.gateways?.[index] ?? '';
  const [namespace = '', name = ''] = fullBinding(vs, written).split('/');
  const meant = closest(`${namespace}/${name}`, scene.gateways, idOf);
  const elsewhere = scene.gateways.find(({ metadata }) => metadata.name === name);
  const nearest = elsewhere
    ? `; hay uno en ${elsewhere.metadata.namespace}`
    : meant
      ? `; hay uno que se llama «${meant.metadata.name}»`
      : '';
  return diagnose(
    'MALLA-RUT-02',
    `${nameOf(vs)} nombra el Gateway «${written}», que no existe en ${namespace}${nearest}`,
    {
      at: vs,
      path: `spec.gateways[${index}]`,
    },
  );
}

export function coversHost(vs: VirtualService, host: string): boolean {
  return (vs.spec?.hosts ?? []).some((h) => covers(fullHost(h, vs.metadata.namespace ?? 'default'), host));
}

function hostsApart(bound: readonly VirtualService[], host: string): Diagnosis | undefined {
  // The one whose name is a slip away from the one that is asked, if there is any.
  const first = bound.find((vs) => isNearly(vs, host)) ?? bound[0];
  return first && forOtherHosts(first, host);
}

/** One of its hosts is a slip away from that one. */
export function isNearly(vs: VirtualService, host: string): boolean {
  return (vs.spec?.hosts ?? []).some((h) => isTypo(fullHost(h, vs.metadata.namespace ?? 'default'), host));
}

export function forOtherHosts(vs: VirtualService, host: string): Diagnosis {
  const hosts = (vs.spec?.hosts ?? []).join(', ');
  return diagnose('MALLA-RUT-04', `${nameOf(vs)} vale para ${hosts}, y se pide «${host}»`, {
    at: vs,
    path: 'spec.hosts',
  });
}

function fullBinding(vs: VirtualService, written: string): string {
  return written.includes('/') ? written : `${vs.metadata.namespace}/${written}`;
}

/** `ns/host` limits where the VirtualService may live. */
export function withoutNamespace(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}
