// Writes what became of GatewayClasses, Gateways and routes into their status. What says the same already is not written.
import { isDeepStrictEqual } from 'node:util';
import type { ApiRoute } from '../../../mesh/gateway-api/api-route.ts';
import { BUILT_IN_CLASSES } from '../../../mesh/gateway-api/classes.ts';
import { condition } from '../../../mesh/gateway-api/conditions.ts';
import type { GatewayStatus } from '../../../mesh/gateway-api/gateway-status.ts';
import type { ApiGateway } from '../../../mesh/gateway-api/gateways.ts';
import { parentStatuses, sameParent } from '../../../mesh/gateway-api/route-status.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items } from '../../../mesh/read.ts';
import type { Registry, ResourceId } from '../../contract.ts';
import { stamped } from './stamped.ts';

export const GROUP = 'gateway.networking.k8s.io';

export interface StatusWriter {
  registry: Registry;
  /** As RFC 3339 writes it. */
  now: string;
}

export function keepClasses({ registry, now }: StatusWriter): void {
  const resource = `${GROUP}/gatewayclasses`;
  for (const { name, controller, description } of BUILT_IN_CLASSES) {
    if (registry.get(resource, undefined, name)) continue;
    const spec = { controllerName: controller, description };
    registry.create(
      resource,
      { apiVersion: `${GROUP}/v1`, kind: 'GatewayClass', metadata: { name }, spec },
      { fieldManager: 'pilot-discovery' },
    );
  }
  const controllers: readonly unknown[] = BUILT_IN_CLASSES.map(({ controller }) => controller);
  for (const object of registry.list(resource)) {
    if (!controllers.includes(fields(object.spec).controllerName)) continue;
    const accepted = condition('Accepted', 'Accepted', 'Handled by Istio controller');
    writeStatus(registry, resource, object, (status) => ({
      ...status,
      conditions: stamped([accepted], status.conditions, object.metadata.generation, now),
    }));
  }
}

export function writeGatewayStatus(
  { registry, now }: StatusWriter,
  { object }: ApiGateway,
  { addresses, conditions, listeners }: GatewayStatus,
): void {
  const { generation } = object.metadata;
  writeStatus(registry, `${GROUP}/gateways`, object, (status) => {
    const before = items(status.listeners).map(fields);
    const shown = listeners.map((listener) => {
      const known = before.find(({ name }) => name === listener.name);
      return { ...listener, conditions: stamped(listener.conditions, known?.conditions, generation, now) };
    });
    return {
      ...status,
      // Once told, an address stays until there is another.
      ...(addresses.length > 0 && { addresses }),
      conditions: stamped(conditions, status.conditions, generation, now),
      ...(shown.length > 0 && { listeners: shown }),
    };
  });
}

const PLURALS: Readonly<Record<string, string>> = {
  HTTPRoute: 'httproutes',
  GRPCRoute: 'grpcroutes',
  TCPRoute: 'tcproutes',
  TLSRoute: 'tlsroutes',
};

export function writeRouteStatus({ registry, now }: StatusWriter, route: ApiRoute): void {
  const { object, kind } = route;
  const { namespace = 'default', generation } = object.metadata;
  writeStatus(registry, `${GROUP}/${PLURALS[kind] ?? ''}`, object, (status) => {
    const ours = parentStatuses(route);
    const before = items(status.parents).map(fields);
    const kept: unknown[] = [];
    for (const parent of before) {
      const at = ours.findIndex(
        (own) => own.controllerName === parent.controllerName && sameParent(own.parentRef, parent.parentRef, namespace),
      );
      const [own] = at < 0 ? [] : ours.splice(at, 1);
      if (own) kept.push({ ...own, conditions: stamped(own.conditions, parent.conditions, generation, now) });
      else if (!String(parent.controllerName).startsWith('istio.io/')) kept.push(parent);
    }
    const added = ours.map((own) => ({ ...own, conditions: stamped(own.conditions, [], generation, now) }));
    return { ...status, parents: [...kept, ...added] };
  });
}

function writeStatus(
  registry: Registry,
  resource: ResourceId,
  object: KubeObject,
  change: (status: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): void {
  const { namespace, name } = object.metadata;
  if (isDeepStrictEqual(change(fields(object.status)), object.status)) return;
  registry.edit(
    resource,
    namespace,
    name,
    (copy) => {
      copy.status = change(fields(copy.status));
    },
    { subresource: 'status', fieldManager: 'pilot-discovery' },
  );
}
