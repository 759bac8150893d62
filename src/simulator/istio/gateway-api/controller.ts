// istiod's part in the Gateway API: it makes the GatewayClasses, starts proxies for Gateways and says in each object's
// status what became of it. How routes work is in src/mesh/gateway-api.
import { expandGatewayApi } from '../../../mesh/gateway-api/expand.ts';
import { reachOf } from '../../../mesh/gateway-api/gateway-addresses.ts';
import { gatewayStatus } from '../../../mesh/gateway-api/gateway-status.ts';
import type { ApiGateway } from '../../../mesh/gateway-api/gateways.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields } from '../../../mesh/read.ts';
import { indexServices } from '../../../mesh/services.ts';
import {
  type InjectionConfiguration,
  readInjectionConfiguration,
} from '../../../tools/istioctl/inject/configuration.ts';
import type { Clock, Registry, RegistryEvent } from '../../contract.ts';
import { createWorkQueue } from '../../controllers/work-queue.ts';
import { infrastructureOf } from './infrastructure.ts';
import { keepObject } from './keep-object.ts';
import { GROUP, keepClasses, type StatusWriter, writeGatewayStatus, writeRouteStatus } from './write-status.ts';

export interface GatewayApiOptions {
  registry: Registry;
  clock: Clock;
  /** istiod's own namespace and revision. */
  home: string;
  revision: string;
}

const CRDS = 'apiextensions.k8s.io/customresourcedefinitions';
const NEEDED = ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'].map((plural) => `${plural}.${GROUP}`);
const KINDS = [
  ...['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes', 'referencegrants'].map(
    (plural) => `${GROUP}/${plural}`,
  ),
  ...['services', 'pods', 'namespaces', 'networking.istio.io/serviceentries'],
];
/** Their changes matter and they are read one by one. */
const ALSO = ['secrets', 'configmaps', 'apps/deployments', 'serviceaccounts', CRDS];
const WATCHED = new Set([...KINDS, ...ALSO]);

/** Everything at once: one object's change shows in the status of others. */
const ALL = 'all';

/** Returns the stop. Does nothing until the CRDs are there. */
export function startGatewayApi(options: GatewayApiOptions): () => void {
  const { registry, clock } = options;
  const queue = createWorkQueue(clock, 'gateway api', sync);
  /** By resource and name, what was wanted of each object last time. */
  let wanted = new Map<string, KubeObject>();
  const stop = registry.watch('*', (event) => {
    if (matters(event)) queue.add(ALL);
  });

  function sync() {
    if (!NEEDED.every((crd) => registry.get(CRDS, undefined, crd))) return;
    const writer: StatusWriter = { registry, now: `${new Date(clock.now()).toISOString().slice(0, 19)}Z` };
    keepClasses(writer);
    const objects = KINDS.flatMap((kind) => registry.list(kind));
    const { gateways, routes } = expandGatewayApi(objects, (namespace, name) =>
      registry.get('secrets', namespace, name),
    );
    const configuration = injectionConfiguration(options);
    const refusals: unknown[] = [];
    wanted = new Map(
      gateways.flatMap((gateway) => {
        try {
          return keepInfrastructure(gateway, configuration);
        } catch (error) {
          // What the API refuses for one Gateway must not keep the others waiting.
          refusals.push(error);
          return [];
        }
      }),
    );
    const services = indexServices(objects);
    for (const gateway of gateways) {
      const reach = reachOf(gateway, services, ({ namespace, name }) => registry.get('services', namespace, name));
      writeGatewayStatus(writer, gateway, gatewayStatus(gateway, routes, reach));
    }
    for (const route of routes) writeRouteStatus(writer, route);
    if (refusals.length > 0) throw refusals[0];
  }

  function keepInfrastructure(gateway: ApiGateway, configuration: InjectionConfiguration): [string, KubeObject][] {
    const { metadata } = gateway.object;
    if (gateway.deployment === undefined || metadata.deletionTimestamp !== undefined) return [];
    return infrastructureOf(gateway, gateway.deployment, configuration).map((object) => {
      const key = `${object.resource} ${metadata.uid} ${object.object.metadata.name}`;
      keepObject(registry, object, wanted.get(key));
      return [key, object.object];
    });
  }

  return () => {
    stop();
    queue.stop();
  };
}

/** Of what changes all the time only what is looked at here. */
function matters({ type, resource, object, previous }: RegistryEvent): boolean {
  if (!WATCHED.has(resource)) return false;
  if (type !== 'MODIFIED' || !previous) return type === 'DELETED' || resource !== 'apps/deployments';
  switch (resource) {
    case 'pods':
      return readiness(object) !== readiness(previous);
    case 'apps/deployments':
      return false;
    default:
      return true;
  }
}

function readiness({ metadata, status }: KubeObject): string {
  const { podIP, conditions } = fields(status);
  return JSON.stringify([podIP, conditions, metadata.labels, metadata.deletionTimestamp]);
}

function injectionConfiguration({ registry, home, revision }: GatewayApiOptions): InjectionConfiguration {
  const suffix = revision === 'default' ? '' : `-${revision}`;
  const map = (name: string) => registry.get('configmaps', home, `${name}${suffix}`);
  return readInjectionConfiguration(map('istio-sidecar-injector'), map('istio'), true);
}
