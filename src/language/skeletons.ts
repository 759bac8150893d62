// A whole object to begin with, for the kinds that a student writes by hand. `@{1:x}` is where the cursor goes first, and `x` what is there.
import type { KindSchema } from './schema/schema.ts';

/** Undefined for kinds without one. */
export function skeleton({ group, kind, versions }: KindSchema): string | undefined {
  const spec = specs[`${group.split('.')[0] ?? ''}/${kind}`];
  if (spec === undefined) return undefined;
  const version = versions[0] ?? 'v1';
  return `apiVersion: ${group}/${version}\nkind: ${kind}\nmetadata:\n  name: @{1:nombre}\nspec:\n${spec}\n`.replaceAll(
    '@{',
    '${',
  );
}

const lines = (...text: string[]): string => text.map((line) => `  ${line}`).join('\n');

const specs: Record<string, string> = {
  'networking/VirtualService': lines(
    'hosts:',
    '  - @{2:reviews}',
    'http:',
    '  - route:',
    '      - destination:',
    '          host: @{2:reviews}',
    '          subset: @{3:v1}',
    '        weight: @{4:90}',
    '      - destination:',
    '          host: @{2:reviews}',
    '          subset: @{5:v2}',
    '        weight: @{6:10}$0',
  ),
  'networking/DestinationRule': lines(
    'host: @{2:reviews}',
    'subsets:',
    '  - name: @{3:v1}',
    '    labels:',
    '      version: @{3:v1}',
    '  - name: @{4:v2}',
    '    labels:',
    '      version: @{4:v2}$0',
  ),
  'networking/Gateway': lines(
    'selector:',
    '  istio: @{2:ingressgateway}',
    'servers:',
    '  - port:',
    '      number: @{3:80}',
    '      name: http',
    '      protocol: @{4|HTTP,HTTPS,TCP,TLS|}',
    '    hosts:',
    '      - "@{5:*}"$0',
  ),
  'networking/ServiceEntry': lines(
    'hosts:',
    '  - @{2:api.example.com}',
    'location: @{3|MESH_EXTERNAL,MESH_INTERNAL|}',
    'resolution: @{4|DNS,STATIC,NONE|}',
    'ports:',
    '  - number: @{5:443}',
    '    name: https',
    '    protocol: @{6|TLS,HTTPS,HTTP,TCP|}$0',
  ),
  'networking/Sidecar': lines('egress:', '  - hosts:', '      - "./*"', '      - "@{2:istio-system}/*"$0'),
  'security/PeerAuthentication': lines('mtls:', '  mode: @{2|STRICT,PERMISSIVE,DISABLE|}$0'),
  'security/RequestAuthentication': lines(
    'selector:',
    '  matchLabels:',
    '    app: @{2:productpage}',
    'jwtRules:',
    '  - issuer: @{3:quien-firma}',
    '    jwksUri: @{4:https://example.com/jwks.json}$0',
  ),
  'security/AuthorizationPolicy': lines(
    'selector:',
    '  matchLabels:',
    '    app: @{2:reviews}',
    'action: @{3|ALLOW,DENY,AUDIT,CUSTOM|}',
    'rules:',
    '  - from:',
    '      - source:',
    '          principals:',
    '            - @{4:cluster.local/ns/default/sa/bookinfo-productpage}',
    '    to:',
    '      - operation:',
    '          methods:',
    '            - @{5:GET}$0',
  ),
  'telemetry/Telemetry': lines('accessLogging:', '  - providers:', '      - name: @{2:envoy}$0'),
  'gateway/Gateway': lines(
    'gatewayClassName: @{2:istio}',
    'listeners:',
    '  - name: http',
    '    port: @{3:80}',
    '    protocol: @{4|HTTP,HTTPS,TLS,TCP|}',
    '    allowedRoutes:',
    '      namespaces:',
    '        from: @{5|Same,All|}$0',
  ),
  'gateway/HTTPRoute': lines(
    'parentRefs:',
    '  - name: @{2:gateway}',
    'rules:',
    '  - matches:',
    '      - path:',
    '          type: @{3|PathPrefix,Exact|}',
    '          value: @{4:/}',
    '    backendRefs:',
    '      - name: @{5:productpage}',
    '        port: @{6:9080}$0',
  ),
};
