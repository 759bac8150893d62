// The way in: from the ingress gateway to the VirtualService that should take the request.

import { printLabels } from '../../cluster/labels.ts';
import { covers, fullHost } from '../../mesh/host-names.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { entryPort, gatewayPods, listenerPort, selectsGatewayPods, targetOf } from '../gateway-pods.ts';
import { decideAtEntry, type EntryRequest, hostOf } from '../prediction.ts';
import type { Gateway, Scene, VirtualService } from '../scene.ts';
import { closest, isTypo } from '../typo.ts';
import { missingIngress } from './installation.ts';

/** Why nothing listens at the entry address. */
export function closedEntry(scene: Scene, url: URL): Diagnosis | undefined {
  return missingIngress(scene) ?? noGateway(scene) ?? noSelectedPod(scene) ?? noListener(scene, url);
}

/** Why the entry listens and no VirtualService is asked. */
export function unboundEntry(scene: Scene, url: URL, host: string): Diagnosis | undefined {
  const gateways = openGateways(scene, url);
  const serving = gateways.filter((g) => serverHosts(g).some((h) => covers(withoutNamespace(h), host)));
  const [first] = gateways;
  if (serving.length === 0 && first)
    return diagnose(
      'MALLA-PAS-04',
      `${nameOf(first)} no admite el host «${host}» (admite ${serverHosts(first).join(', ')})`,
      {
        at: first,
        path: 'spec.servers[0].hosts',
      },
    );
  const bound = scene.virtualServices.filter((vs) => serving.some((g) => bindings(vs).includes(idOf(g))));
  return bound.length === 0 ? unbound(scene, serving) : hostsApart(bound, host);
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
  const numbers = (gateway.spec?.servers ?? []).map((s) => s.port?.number);
  const port = entryPort(scene, url);
  return diagnose(
    'MALLA-PAS-03',
    `${nameOf(gateway)} abre el puerto ${numbers.join(', ') || '(ninguno)'}, y se entra por el ${port?.port} (${port ? targetOf(port) : ''} en el pod)`,
    { at: gateway, path: 'spec.servers[0].port.number' },
  );
}

function opens(scene: Scene, gateway: Gateway, url: URL): boolean {
  const entry = entryPort(scene, url);
  return (gateway.spec?.servers ?? []).some(
    (s) => entry !== undefined && listenerPort(scene, s.port?.number ?? 0) === targetOf(entry),
  );
}

function unbound(scene: Scene, gateways: readonly Gateway[]): Diagnosis | undefined {
  const [gateway] = gateways;
  if (!gateway) return undefined;
  const wrongProtocol = gateways.find((g) => !serverProtocols(g).some((p) => /^(HTTP|HTTP2|GRPC|HTTPS)$/i.test(p)));
  if (wrongProtocol)
    return diagnose(
      'MALLA-PAS-05',
      `${nameOf(wrongProtocol)} usa el protocolo ${serverProtocols(wrongProtocol).join(', ')}`,
      {
        at: wrongProtocol,
        path: 'spec.servers[0].port.protocol',
      },
    );
  const known = new Set(scene.gateways.map(idOf));
  for (const vs of scene.virtualServices) {
    const index = bindings(vs).findIndex((b) => b !== 'mesh' && !known.has(b));
    if (index < 0) continue;
    const written = vs.spec?.gateways?.[index] ?? '';
    const meant = closest(fullBinding(vs, written), scene.gateways, idOf);
    return diagnose(
      'MALLA-RUT-02',
      `${nameOf(vs)} nombra el Gateway «${written}», que no existe${meant ? `; hay uno que se llama «${meant.metadata.name}»` : ''}`,
      { at: vs, path: `spec.gateways[${index}]` },
    );
  }
  // The one that was meant, most likely: for any host, or the only other thing that the student has written.
  const loose = scene.virtualServices.filter((vs) => !bindings(vs).some((b) => known.has(b)));
  const candidate = loose.find((vs) => (vs.spec?.hosts ?? []).some((h) => h.includes('*'))) ?? loose[0];
  return diagnose('MALLA-RUT-01', `Ningún VirtualService está ligado a ${nameOf(gateway)}`, {
    at: candidate ?? gateway,
    path: candidate ? 'spec.gateways' : undefined,
  });
}

function hostsApart(bound: readonly VirtualService[], host: string): Diagnosis | undefined {
  const hostsOf = (vs: VirtualService): string[] =>
    (vs.spec?.hosts ?? []).map((h) => fullHost(h, vs.metadata.namespace ?? 'default'));
  // The one whose name is a slip away from the one that is asked, if there is any.
  const first = bound.find((vs) => hostsOf(vs).some((h) => isTypo(h, host))) ?? bound[0];
  if (!first || bound.some((vs) => hostsOf(vs).some((h) => covers(h, host)))) return undefined;
  return diagnose(
    'MALLA-RUT-04',
    `${nameOf(first)} vale para ${(first.spec?.hosts ?? []).join(', ')}, y se pide «${host}»`,
    {
      at: first,
      path: 'spec.hosts',
    },
  );
}

function fullBinding(vs: VirtualService, written: string): string {
  return written.includes('/') ? written : `${vs.metadata.namespace}/${written}`;
}

function serverHosts(gateway: Gateway): string[] {
  return (gateway.spec?.servers ?? []).flatMap((s) => s.hosts ?? []);
}

function serverProtocols(gateway: Gateway): string[] {
  return (gateway.spec?.servers ?? []).flatMap((s) => (s.port?.protocol ? [s.port.protocol] : []));
}

/** `ns/host` limits where the VirtualService may live. */
function withoutNamespace(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}
