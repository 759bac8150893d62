// The status of a Gateway and of each of its listeners.
import { fields, items } from '../read.ts';
import { GROUP } from './api.ts';
import type { ApiRoute } from './api-route.ts';
import { type Condition, condition } from './conditions.ts';
import { addressesOf, type Reach } from './gateway-addresses.ts';
import type { ApiGateway } from './gateways.ts';
import type { Listener } from './listeners.ts';

export interface ListenerStatus {
  name: string;
  attachedRoutes: number;
  supportedKinds: { group: string; kind: string }[];
  conditions: Condition[];
}

export interface GatewayStatus {
  /** Empty: none is known now. */
  addresses: unknown[];
  conditions: Condition[];
  listeners: ListenerStatus[];
}

export function gatewayStatus(gateway: ApiGateway, routes: readonly ApiRoute[], reach: Reach): GatewayStatus {
  if (gateway.remote) return remoteStatus(gateway);
  return {
    addresses: addressesOf(reach),
    conditions: [
      accepted(gateway),
      programmed(gateway, reach),
      condition('ResolvedRefs', 'ResolvedRefs', 'All references resolved'),
    ],
    listeners: gateway.listeners.map((listener) => listenerStatus(gateway, listener, routes)),
  };
}

function remoteStatus({ object }: ApiGateway): GatewayStatus {
  return {
    addresses: [...items(fields(object.spec).addresses)],
    conditions: [
      condition('Accepted', 'Accepted', 'Resource accepted'),
      condition('Programmed', 'Programmed', 'This Gateway is remote; Istio will not program it'),
    ],
    listeners: [],
  };
}

function accepted({ addressError, listeners }: ApiGateway): Condition {
  const valid = listeners.filter(isValid).length;
  if (addressError || valid === listeners.length) {
    return condition('Accepted', 'Accepted', 'Resource accepted', addressError);
  }
  const reason = 'ListenersNotValid';
  if (valid > 0) return condition('Accepted', reason, "One or more of the Gateway's listeners are invalid");
  return condition('Accepted', '', '', { reason, message: "None of the Gateway's listeners are valid" });
}

function programmed({ services }: ApiGateway, { internal, warnings, usable }: Reach): Condition {
  const where = andList(internal);
  const well = where ? `Resource programmed, assigned to service(s) ${where}` : 'Resource programmed';
  return condition('Programmed', 'Programmed', well, problem());

  function problem() {
    const failed = 'Failed to assign to any requested addresses';
    if (services.length === 0) return { reason: 'UnsupportedAddress', message: failed };
    if (warnings.length === 0) return undefined;
    const reason = usable ? 'AddressNotAssigned' : 'AddressNotUsable';
    const start = where ? `Assigned to service(s) ${where}, but failed to assign to all requested addresses` : failed;
    return { reason, message: `${start}: ${warnings.join('; ')}` };
  }
}

function andList(list: readonly string[]): string {
  if (list.length < 3) return list.join(' and ');
  return `${list.slice(0, -1).join(', ')}, and ${list.at(-1)}`;
}

function isValid({ tlsError, protocolError }: Listener): boolean {
  return !tlsError && !protocolError;
}

function listenerStatus(gateway: ApiGateway, listener: Listener, routes: readonly ApiRoute[]): ListenerStatus {
  const { tlsError, protocolError, kinds, kindsValid } = listener;
  const fine = 'No errors found';
  const badTls = tlsError && { reason: 'Invalid', message: 'Bad TLS configuration' };
  const badRefs = kindsValid ? tlsError : { reason: 'InvalidRouteKinds', message: 'Invalid route kinds' };
  return {
    name: listener.name,
    attachedRoutes: routes.filter((route) => isAttached(route, gateway, listener)).length,
    supportedKinds: kinds.map((kind) => ({ group: GROUP, kind })),
    conditions: [
      condition('Accepted', 'Accepted', fine, protocolError),
      { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: fine },
      condition('Programmed', 'Programmed', fine, badTls),
      condition('ResolvedRefs', 'ResolvedRefs', fine, badRefs),
    ],
  };
}

function isAttached({ attachments }: ApiRoute, gateway: ApiGateway, listener: Listener): boolean {
  return attachments.some(({ denied, gateway: to }) => !denied && to?.gateway === gateway && to.listener === listener);
}
