// The way in by a gateway of the Gateway API: from its class to the backends of its routes.
import { isOfGatewayApi } from '../../mesh/gateway-api/api.ts';
import type { ApiRoute } from '../../mesh/gateway-api/api-route.ts';
import { indexClasses } from '../../mesh/gateway-api/classes.ts';
import { expandGatewayApi, type GatewayApi } from '../../mesh/gateway-api/expand.ts';
import type { ApiGateway } from '../../mesh/gateway-api/gateways.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { entryService, proxyBehind } from '../gateway-pods.ts';
import { isReady } from '../pods.ts';
import type { EntryRequest } from '../prediction.ts';
import type { Scene, Service } from '../scene.ts';
import { podsBehind } from '../subsets.ts';
import { closest } from '../typo.ts';

type Entry = NonNullable<EntryRequest['service']>;

/** A request by the NodePort of a Service, with the status or the failure that it got. */
export function serviceEntryCause(scene: Scene, request: EntryRequest, seen: number | string): Diagnosis | undefined {
  const { service: entry } = request;
  if (!entry) return undefined;
  const service = entryService(scene, entry);
  if (!service) return missingService(scene, entry);
  const port = (service.spec?.ports ?? []).find((p) => p.port === entry.port);
  if (!port?.nodePort)
    return diagnose(
      'MALLA-PAS-31',
      `${nameOf(service)} ${port ? `es de tipo ${service.spec?.type ?? 'ClusterIP'}` : `no tiene el puerto ${entry.port}`}`,
      { at: service, path: port ? 'spec.type' : 'spec.ports' },
    );
  if (!podsBehind(scene, service).some(isReady))
    return diagnose('MALLA-SAL-06', `Ningún pod de ${service.metadata.name} está listo todavía`, { at: service });
  const api = expandGatewayApi(scene.objects, secretsOf(scene));
  const gateway = gatewayOf(api, service);
  return gateway && proxyBehind(scene, service) ? apiCause(scene, request, { api, gateway, seen }) : undefined;
}

function missingService(scene: Scene, { namespace, name }: Entry): Diagnosis {
  const gateways = scene.objects.filter((o) => isOfGatewayApi(o, 'Gateway') && o.metadata.namespace === namespace);
  const named = gateways.find((g) => name.startsWith(`${g.metadata.name}-`));
  const classOf = (g: KubeObject): string => text(fields(g.spec).gatewayClassName) ?? '';
  if (named && indexClasses(scene.objects)(classOf(named)) === undefined)
    return diagnose('MALLA-PAS-20', `${nameOf(named)} es de la clase «${classOf(named)}», que Istio no atiende`, {
      at: named,
      path: 'spec.gatewayClassName',
    });
  if (named && name === `${named.metadata.name}-${classOf(named)}`)
    return diagnose('MALLA-SAL-06', `La pasarela de ${nameOf(named)} todavía no ha nacido`, { at: named });
  const meant = closest(name, gateways, (g) => `${g.metadata.name}-${classOf(g)}`);
  const near = meant ? `; hay un Gateway que se llama «${meant.metadata.name}»` : '';
  return diagnose('MALLA-PAS-30', `No existe el Service ${namespace}/${name}${near}`, { at: meant });
}

interface Seen {
  api: GatewayApi;
  gateway: ApiGateway;
  seen: number | string;
}

function apiCause(scene: Scene, request: EntryRequest, { api, gateway, seen }: Seen): Diagnosis | undefined {
  if (typeof seen === 'string') return brokenListener(gateway, request) ?? notYetListening(gateway);
  const routes = api.routes.filter((r) => r.attachments.some((a) => a.gateway?.gateway === gateway && !a.denied));
  if (seen === 404) return looseRoute(scene, api, gateway) ?? unmatched(gateway, routes);
  if (seen < 500) return undefined;
  return routes.map((route) => brokenBackend(scene, route)).find((d) => d !== undefined);
}

function brokenListener(gateway: ApiGateway, { service }: EntryRequest): Diagnosis | undefined {
  const { object } = gateway;
  const broken = gateway.listeners.find((l) => l.port === service?.port && !l.server);
  if (broken) {
    const error = broken.tlsError ?? broken.protocolError;
    const code = error?.reason === 'RefNotPermitted' ? 'MALLA-PAS-27' : 'MALLA-PAS-28';
    const why = error?.message ?? 'le falta el certificado';
    return diagnose(code, `El listener ${broken.name} de ${nameOf(object)} no sirve: ${why}`, {
      at: object,
      path: `spec.listeners[${broken.index}]${broken.tlsError || broken.withoutTls ? '.tls' : ''}`,
    });
  }
  if (gateway.listeners.some((l) => l.port === service?.port)) return undefined;
  const ports = gateway.listeners.map((l) => l.port).join(', ') || 'ninguno';
  return diagnose('MALLA-PAS-03', `${nameOf(object)} abre el puerto ${ports}, y se entra por el ${service?.port}`, {
    at: object,
    path: 'spec.listeners[0].port',
  });
}

/** Its pod is ready and its listeners are right: the proxy has not been told yet. */
function notYetListening({ object }: ApiGateway): Diagnosis {
  return diagnose('MALLA-SAL-15', `${nameOf(object)} está bien escrito, pero su pasarela no escucha todavía`, {
    at: object,
  });
}

/** A route that no Gateway takes, where one that does is wanted. */
function looseRoute(scene: Scene, { routes, gateways }: GatewayApi, gateway: ApiGateway): Diagnosis | undefined {
  for (const { object, attachments } of routes) {
    const denied = attachments.find((a) => a.gateway?.gateway === gateway && a.denied);
    const taken = attachments.some((a) => a.gateway && !a.denied);
    if (denied && !taken)
      return diagnose(
        'MALLA-PAS-22',
        `${nameOf(gateway.object)} no admite ${nameOf(object)}: ${denied.denied?.message}`,
        {
          at: object,
          path:
            denied.denied?.reason === 'NoMatchingListenerHostname'
              ? 'spec.hostnames'
              : `spec.parentRefs[${denied.index}]`,
        },
      );
    const index = taken ? -1 : unknownParent(scene, object);
    if (index < 0) continue;
    const written = text(fields(items(fields(object.spec).parentRefs)[index]).name) ?? '';
    const meant = closest(written, [...gateways], (g) => g.name) ?? gateway;
    return diagnose(
      'MALLA-PAS-21',
      `${nameOf(object)} cuelga del Gateway «${written}», que no existe; hay uno que se llama «${meant.name}»`,
      { at: object, path: `spec.parentRefs[${index}].name` },
    );
  }
  return undefined;
}

function unknownParent(scene: Scene, route: KubeObject): number {
  return items(fields(route.spec).parentRefs)
    .map(fields)
    .findIndex(
      (ref) =>
        (text(ref.kind) ?? 'Gateway') === 'Gateway' &&
        !scene.objects.some(
          (o) =>
            isOfGatewayApi(o, 'Gateway') &&
            o.metadata.name === text(ref.name) &&
            o.metadata.namespace === (text(ref.namespace) ?? route.metadata.namespace),
        ),
    );
}

function unmatched({ object }: ApiGateway, routes: readonly ApiRoute[]): Diagnosis {
  const [first] = routes;
  if (!first) return diagnose('MALLA-PAS-23', `Ningún HTTPRoute cuelga de ${nameOf(object)}`, { at: object });
  return diagnose('MALLA-PAS-23', `Ningún HTTPRoute de ${nameOf(object)} recoge esa petición`, {
    at: first.object,
    path: 'spec.hostnames',
  });
}

function brokenBackend(scene: Scene, { object, atGateways }: ApiRoute): Diagnosis | undefined {
  const { error } = atGateways ?? {};
  const refs = items(fields(object.spec).rules).flatMap((rule, i) =>
    items(fields(rule).backendRefs).map((ref, j) => ({ ref: fields(ref), path: `spec.rules[${i}].backendRefs[${j}]` })),
  );
  for (const { ref, path } of refs) {
    const namespace = text(ref.namespace) ?? object.metadata.namespace ?? 'default';
    const service = scene.services.find((s) => s.metadata.name === ref.name && s.metadata.namespace === namespace);
    const ports = (service?.spec?.ports ?? []).map((p) => p.port);
    if (service && typeof ref.port === 'number' && !ports.includes(ref.port))
      return diagnose(
        'MALLA-PAS-26',
        `${nameOf(object)} envía al puerto ${ref.port} de ${service.metadata.name}, que tiene ${ports.join(', ')}`,
        {
          at: object,
          path: `${path}.port`,
        },
      );
  }
  if (!error) return undefined;
  const at = refs.find(({ ref }) => error.message.includes(String(ref.name))) ?? refs[0];
  return diagnose(
    error.reason === 'RefNotPermitted' ? 'MALLA-PAS-27' : 'MALLA-PAS-25',
    `${nameOf(object)}: ${error.message}`,
    {
      at: object,
      path: at && `${at.path}${error.reason === 'InvalidKind' ? '.kind' : '.name'}`,
    },
  );
}

function gatewayOf({ gateways }: GatewayApi, { metadata }: Service): ApiGateway | undefined {
  return gateways.find((g) => g.namespace === metadata.namespace && g.deployment === metadata.name);
}

function secretsOf(scene: Scene): ((namespace: string, name: string) => KubeObject | undefined) | undefined {
  const secrets = scene.objects.filter((o) => o.kind === 'Secret' && o.apiVersion === 'v1');
  if (secrets.length === 0) return undefined;
  return (namespace, name) =>
    secrets.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}
