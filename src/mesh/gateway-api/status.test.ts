// The words are those of a real istiod for the same objects.
import { describe, expect, test } from 'vitest';
import { pod, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { indexServices } from '../services.ts';
import { expandGatewayApi } from './expand.ts';
import { apiGateway, apiObject, backend, http, httpRoute, serviceRoute } from './fixtures.ts';
import { reachOf } from './gateway-addresses.ts';
import { gatewayStatus } from './gateway-status.ts';
import { parentStatuses } from './route-status.ts';

/** `Type=Status Reason: message` of each condition. */
function told(conditions: readonly { type: string; status: string; reason: string; message: string }[] = []): string[] {
  return conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
}

function routeStatus(...objects: KubeObject[]): string[][] {
  const [route] = expandGatewayApi([service('web', 80), ...objects]).routes;
  return route ? parentStatuses(route).map(({ conditions }) => told(conditions)) : [];
}

const WEB = [{ backendRefs: [backend('web', { port: 80 })] }];
const ACCEPTED = 'Accepted=True Accepted: Route was valid';
const RESOLVED = 'ResolvedRefs=True ResolvedRefs: All references resolved';

describe('The status of a route', () => {
  test('accepted, with all that it names', () => {
    expect(routeStatus(apiGateway(), httpRoute('r', { rules: WEB }))).toEqual([[ACCEPTED, RESOLVED]]);
  });

  test('bound to several listeners', () => {
    const two = apiGateway('front', [http(), http({ name: 'b', port: 81 })]);
    const bound = 'Accepted=True Accepted: Route was valid, bound to 2 parents';
    expect(routeStatus(two, httpRoute('r', { rules: WEB }))).toEqual([[bound, RESOLVED]]);
  });

  test('a Gateway that is not there, or not Istio’s, has nothing to say', () => {
    expect(routeStatus(httpRoute('r', { rules: WEB }))).toEqual([]);
  });

  test('a backend that does not exist, is elsewhere, or is no Service', () => {
    const refs = (ref: unknown) =>
      routeStatus(apiGateway(), httpRoute('r', { rules: [{ backendRefs: [ref] }] }))[0]?.[1];
    expect(refs(backend('no'))).toBe(
      'ResolvedRefs=False BackendNotFound: backend(no.default.svc.cluster.local) not found',
    );
    expect(refs(backend('web', { namespace: 'b' }))).toBe(
      'ResolvedRefs=False RefNotPermitted: backendRef web/b not accessible to a HTTPRoute in namespace "default" (missing a ReferenceGrant?)',
    );
    expect(refs(backend('web', { group: 'foo.io', kind: 'Foo' }))).toBe(
      'ResolvedRefs=False InvalidKind: referencing unsupported backendRef: group "foo.io" kind "Foo"',
    );
  });

  test('a port, a section or a namespace that the listener has not', () => {
    const accepted = (parent: unknown, extra = {}) =>
      routeStatus(apiGateway(), httpRoute('r', { parentRefs: [parent], rules: WEB }, extra))[0]?.[0];
    expect(accepted({ name: 'front', port: 99 })).toBe('Accepted=False NoMatchingParent: port 99 not found');
    expect(accepted({ name: 'front', sectionName: 'zz' })).toBe(
      'Accepted=False NoMatchingParent: sectionName "zz" not found',
    );
    expect(accepted({ name: 'front', namespace: 'default' }, { namespace: 'b' })).toBe(
      'Accepted=False NotAllowedByListeners: hostnames matched parent hostname "", but namespace "b" is not allowed by the parent',
    );
  });

  test('of several listeners that refuse the gravest reason is told, for each', () => {
    const gateway = apiGateway('front', [
      http({ hostname: '*.example.com' }),
      { name: 'tcp', port: 9000, protocol: 'TCP' },
      { name: 'tls', port: 9443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
    ]);
    const [[accepted] = []] = routeStatus(gateway, httpRoute('r', { hostnames: ['foo.org'], rules: WEB }));
    const kind = 'kind gateway.networking.k8s.io/v1/HTTPRoute is not allowed';
    expect(accepted).toBe(`Accepted=False NotAllowedByListeners: ${kind}; ${kind}`);
  });

  test('no host in common', () => {
    const gateway = apiGateway('front', [http({ hostname: '*.example.com' })]);
    const [[accepted] = []] = routeStatus(gateway, httpRoute('r', { hostnames: ['foo.org'], rules: WEB }));
    expect(accepted).toBe(
      'Accepted=False NoMatchingListenerHostname: no hostnames matched parent hostname "*.example.com"',
    );
  });

  test('a Service as parent', () => {
    expect(routeStatus(serviceRoute('web', WEB))).toEqual([[ACCEPTED, RESOLVED]]);
    const missing = 'Accepted=False NoMatchingParent: parent service: "no" not found';
    expect(routeStatus(serviceRoute('no', WEB))).toEqual([[missing, RESOLVED]]);
  });
});

describe('The status of a Gateway', () => {
  const labels = { 'gateway.networking.k8s.io/gateway-name': 'front' };
  const proxy = pod('front-1', labels);

  function front(type: string, extra: Record<string, unknown> = {}): KubeObject {
    return service('front-istio', 80, { type, selector: labels, ports: [{ name: 'http', port: 80 }], ...extra });
  }

  function statusOf(...objects: KubeObject[]) {
    const { gateways, routes } = expandGatewayApi(objects, () => undefined);
    const [gateway] = gateways;
    if (!gateway) throw new Error('no Gateway of Istio');
    const find = ({ name }: { name: string }) => objects.find((o) => o.kind === 'Service' && o.metadata.name === name);
    const status = gatewayStatus(gateway, routes, reachOf(gateway, indexServices(objects), find));
    return { ...status, programmed: told(status.conditions)[1] };
  }

  test('without its Service, without pods, without an address, and programmed', () => {
    const host = 'front-istio.default.svc.cluster.local';
    expect(statusOf(apiGateway()).programmed).toBe(
      `Programmed=False AddressNotUsable: Failed to assign to any requested addresses: hostname "${host}" not found`,
    );
    expect(statusOf(apiGateway(), front('ClusterIP')).programmed).toBe(
      `Programmed=False AddressNotAssigned: Failed to assign to any requested addresses: no instances found for hostname "${host}"`,
    );
    expect(statusOf(apiGateway(), front('LoadBalancer'), proxy)).toMatchObject({
      addresses: [],
      programmed: `Programmed=False AddressNotAssigned: Assigned to service(s) ${host}:80, but failed to assign to all requested addresses: address pending for hostname "${host}"`,
    });
    expect(statusOf(apiGateway(), front('ClusterIP'), proxy)).toMatchObject({
      addresses: [{ type: 'Hostname', value: host }],
      programmed: `Programmed=True Programmed: Resource programmed, assigned to service(s) ${host}:80`,
    });
    const balanced = { ...front('LoadBalancer'), status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } };
    expect(statusOf(apiGateway(), balanced, proxy).addresses).toEqual([{ type: 'IPAddress', value: '10.0.0.1' }]);
  });

  test('the Service of a manual Gateway must be in its namespace', () => {
    const addresses = [{ type: 'Hostname', value: 'gw.b.svc.cluster.local' }];
    const manual = apiObject('Gateway', 'm', { gatewayClassName: 'istio', addresses, listeners: [http()] });
    expect(statusOf(manual, service('gw', 80, {}, 'b')).programmed).toBe(
      'Programmed=False AddressNotUsable: Failed to assign to any requested addresses: hostname "gw.b.svc.cluster.local" not found in namespace "default", but it was found in namespace(s) "b"',
    );
  });

  test('listeners count their routes and tell what is wrong with them', () => {
    const tls = { mode: 'Terminate', certificateRefs: [{ name: 'cert' }] };
    const gateway = apiGateway('front', [
      http(),
      { name: 'https', port: 443, protocol: 'HTTPS', tls },
      http({ name: 'kinds', port: 81, allowedRoutes: { kinds: [{ kind: 'FooRoute' }] } }),
    ]);
    const { conditions, listeners } = statusOf(gateway, httpRoute('r', { rules: WEB }), httpRoute('s', { rules: WEB }));
    expect(told(conditions)[0]).toBe(
      "Accepted=True ListenersNotValid: One or more of the Gateway's listeners are invalid",
    );
    expect(listeners.map(({ attachedRoutes }) => attachedRoutes)).toEqual([2, 2, 0]);
    expect(told(listeners[1]?.conditions)).toEqual([
      'Accepted=True Accepted: No errors found',
      'Conflicted=False NoConflicts: No errors found',
      'Programmed=False Invalid: Bad TLS configuration',
      'ResolvedRefs=False InvalidCertificateRef: invalid certificate reference /Secret/cert., secret default/cert not found',
    ]);
    expect(told(listeners[2]?.conditions)[3]).toBe('ResolvedRefs=False InvalidRouteKinds: Invalid route kinds');
  });

  test('a remote Gateway is not programmed', () => {
    const remote = apiObject('Gateway', 'r', { gatewayClassName: 'istio-remote', listeners: [http()] });
    expect(statusOf(remote).programmed).toBe(
      'Programmed=True Programmed: This Gateway is remote; Istio will not program it',
    );
  });
});
