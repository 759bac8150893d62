// The way in by HTTPS: from the Gateway's server to the certificate that it presents, and redirections towards it.
import { covers } from '../../mesh/host-names.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { entryPort, gatewayPod, listenerPort, targetOf } from '../gateway-pods.ts';
import { decideAtEntry, type EntryRequest, hostOf } from '../prediction.ts';
import { type Gateway, rootNamespace, type Scene } from '../scene.ts';
import type { GatewayServerSpec } from '../specs.ts';
import { closest } from '../typo.ts';
import { openGateways } from './entry.ts';

interface Server {
  gateway: Gateway;
  spec: GatewayServerSpec;
  /** `spec.servers[1]`. */
  path: string;
}

/** Why a client that greets by TLS is not taken. What refuses the connection outright is the closed entry's. */
export function brokenTls(scene: Scene, request: EntryRequest): Diagnosis | undefined {
  if (request.url.protocol !== 'https:' || request.service) return undefined;
  const servers = serversAt(scene, request.url);
  const [first] = servers;
  if (!first) return undefined;
  const name = hostOf(request).replace(/:\d+$/, '');
  const secure = servers.filter(({ spec }) => /^(HTTPS|TLS)$/i.test(spec.port?.protocol ?? ''));
  if (secure.length === 0)
    return diagnose(
      'MALLA-PAS-10',
      `${nameOf(first.gateway)} abre ese puerto como ${first.spec.port?.protocol ?? '(nada)'}`,
      {
        at: first.gateway,
        path: `${first.path}.port.protocol`,
      },
    );
  const server = secure.find(({ spec }) => (spec.hosts ?? []).some((h) => covers(withoutNamespace(h), name)));
  if (!server) return unknownName(secure, name);
  return wrongMode(server) ?? wrongSecret(scene, server);
}

/** Redirections that should be and are not, or never end. */
export function wrongRedirect(
  scene: Scene,
  request: EntryRequest,
  { expected, seen }: { expected: number; seen: number },
): Diagnosis | undefined {
  if (request.service) return undefined;
  if (request.url.protocol === 'https:' && isRedirect(seen) && !isRedirect(expected)) return endless(scene, request);
  if (request.url.protocol !== 'http:' || !isRedirect(expected) || isRedirect(seen) || seen >= 400) return undefined;
  const misplaced = scene.gateways.flatMap(serversOf).find(({ spec }) => spec.tls?.httpsRedirect === true);
  const [plain] = serversAt(scene, request.url);
  const at = misplaced ?? plain;
  const where = misplaced ? `, y httpsRedirect está en el del puerto ${misplaced.spec.port?.number}` : '';
  return diagnose('MALLA-PAS-13', `El servidor de HTTP del Gateway no redirige${where}`, {
    at: at?.gateway,
    path: at && `${at.path}.tls${misplaced ? '.httpsRedirect' : ''}`,
  });
}

function endless(scene: Scene, request: EntryRequest): Diagnosis | undefined {
  const source = decideAtEntry(scene, request)?.steps.findLast((s) => s.source?.kind === 'VirtualService')?.source;
  const rule = scene.virtualServices.find(
    ({ metadata }) => metadata.name === source?.name && metadata.namespace === source.namespace,
  );
  if (!rule) return undefined;
  const path = /^spec\.http\[\d+\]/.exec(source?.path ?? '')?.[0];
  return diagnose('MALLA-PAS-12', `${nameOf(rule)} redirige también a quien llega por HTTPS`, {
    at: rule,
    path: path && `${path}.redirect`,
  });
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function serversOf(gateway: Gateway): Server[] {
  return (gateway.spec?.servers ?? []).map((spec, i) => ({ gateway, spec, path: `spec.servers[${i}]` }));
}

function serversAt(scene: Scene, url: URL): Server[] {
  const port = entryPort(scene, url);
  return openGateways(scene, url)
    .flatMap(serversOf)
    .filter(({ spec }) => port !== undefined && listenerPort(scene, spec.port?.number ?? 0) === targetOf(port));
}

function unknownName(servers: readonly Server[], name: string): Diagnosis | undefined {
  const [server] = servers;
  if (!server) return undefined;
  const hosts = servers.flatMap(({ spec }) => spec.hosts ?? []).join(', ');
  return diagnose('MALLA-PAS-04', `${nameOf(server.gateway)} no admite por HTTPS el host «${name}» (admite ${hosts})`, {
    at: server.gateway,
    path: `${server.path}.hosts`,
  });
}

const MODES: Record<string, string> = {
  PASSTHROUGH: 'deja pasar los bytes cifrados sin terminar el TLS',
  AUTO_PASSTHROUGH: 'deja pasar los bytes cifrados sin terminar el TLS',
  MUTUAL: 'pide un certificado al cliente, que no trae ninguno',
  ISTIO_MUTUAL: 'solo admite a clientes de la malla',
};

function wrongMode({ gateway, spec, path }: Server): Diagnosis | undefined {
  const mode = spec.tls?.mode ?? 'PASSTHROUGH';
  const does = MODES[mode];
  if (!does) return undefined;
  return diagnose('MALLA-PAS-09', `${nameOf(gateway)} usa el modo ${mode}: ${does}`, {
    at: gateway,
    path: `${path}.tls.mode`,
  });
}

function wrongSecret(scene: Scene, { gateway, spec, path }: Server): Diagnosis | undefined {
  const secrets = scene.objects.filter((o) => o.kind === 'Secret' && o.apiVersion === 'v1');
  // A cluster always has some: none seen means that they may not be read.
  if (secrets.length === 0) return undefined;
  const namespace = gatewayPod(scene)?.metadata.namespace ?? rootNamespace;
  const written = spec.tls?.credentialName ?? '';
  const name = written.slice(written.indexOf('/') + 1);
  const secret = secrets.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (secret) return incomplete(secret);
  const elsewhere = secrets.find(({ metadata }) => metadata.name === name);
  if (elsewhere)
    return diagnose(
      'MALLA-PAS-07',
      `El Secret ${name} está en ${elsewhere.metadata.namespace}, y la pasarela solo lee los de ${namespace}`,
      { at: elsewhere, path: 'metadata.namespace' },
    );
  const meant = closest(
    name,
    secrets.filter((s) => s.metadata.namespace === namespace),
    (s) => s.metadata.name,
  );
  return diagnose(
    'MALLA-PAS-06',
    `${nameOf(gateway)} nombra el Secret «${name}», que no existe en ${namespace}${meant ? `; hay uno que se llama «${meant.metadata.name}»` : ''}`,
    { at: gateway, path: `${path}.tls.credentialName` },
  );
}

function incomplete(secret: KubeObject): Diagnosis | undefined {
  const data = (secret.data ?? {}) as Record<string, unknown>;
  // The older names of Istio serve too.
  const missing = [
    ['tls.crt', 'cert'],
    ['tls.key', 'key'],
  ].flatMap(([name = '', older = '']) => (data[name] || data[older] ? [] : [name]));
  if (missing.length === 0) return undefined;
  const has = Object.keys(data).join(', ') || 'nada';
  return diagnose('MALLA-PAS-08', `Al Secret ${secret.metadata.name} le falta ${missing.join(' y ')} (tiene ${has})`, {
    at: secret,
    path: 'data',
  });
}

/** `ns/host` limits where the VirtualService may live. */
function withoutNamespace(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}
