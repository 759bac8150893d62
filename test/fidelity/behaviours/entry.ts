// The ingress gateway: hosts, ports, TLS, redirections, what the service behind it sees.
import { header, is, mesh, outside, plain } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { gateway, object, service, yaml } from '../manifests.ts';

const http = (host: string, name = 'http') => `{port: {number: 8080, name: ${name}, protocol: HTTP}, hosts: [${host}]}`;
const secure = (host: string, tls: string, name = 'https') =>
  `{port: {number: 443, name: ${name}, protocol: HTTPS}, hosts: [${host}], tls: ${tls}}`;
const toHttpbin = '{route: [{destination: {host: httpbin, port: {number: 8000}}}]}';

function secret(name: string, cert: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: istio-system}\ntype: kubernetes.io/tls\ndata: {tls.crt: {{${cert}.crt}}, tls.key: {{${cert}.key}}}\n`;
}

const ca =
  'apiVersion: v1\nkind: Secret\nmetadata: {name: fid-mutual, namespace: istio-system}\ntype: Opaque\ndata: {tls.crt: {{server.crt}}, tls.key: {{server.key}}, ca.crt: {{ca.crt}}}\n';

const tlsArgs = (host: string, ...more: string[]) => [
  '--connect-to',
  `${host}:443:{https}`,
  '--cacert',
  '{{ca.file}}',
  ...more,
];

/** The gateway's Service, as pods of the cluster know it. */
const INSIDE = 'istio-ingressgateway.istio-system';
const tlsInside = (host: string) => ['-k', '--connect-to', `${host}:443:${INSIDE}:443`, '--http1.1'];

export const entry: Situation[] = [
  {
    id: 'bookinfo',
    topic: 'entrada',
    behaviours: [
      is(
        'page',
        'la página por el gateway',
        outside('/productpage', {
          marks: ['Simple Bookstore App', 'The Comedy of Errors', 'Book Details', 'Book Reviews', 'sign-in-button'],
          logs: ['gateway', 'productpage-v1'],
        }),
      ),
      is('products', 'el API: la lista', outside('/api/v1/products')),
      is('product', 'el API: los detalles', outside('/api/v1/products/0')),
      is('ratings', 'el API: las notas', outside('/api/v1/products/0/ratings')),
      is('bad-product', 'el API: un producto que no es un número', outside('/api/v1/products/abc')),
      is('not-found', 'un camino sin ruta: 404 vacío', outside('/nosuchpath')),
      is(
        'any-host',
        'con el host * vale cualquier Host',
        outside('/api/v1/products/0', { host: 'cualquiera.example' }),
      ),
      is(
        'from-mesh',
        'el gateway desde un pod con sidecar: por su Service, en claro',
        mesh(`http://${INSIDE}/api/v1/products/0`, { logs: ['curl', 'gateway'] }),
      ),
      is(
        'from-plain',
        'el gateway desde un pod sin sidecar',
        plain(`http://${INSIDE}/api/v1/products/0`, { logs: ['gateway'] }),
      ),
      is(
        'login',
        'la entrada de un usuario',
        outside('/login', {
          args: ['-d', 'username=jason&passwd=x', '-e', '{entry}/productpage'],
          headers: ['server', 'location', 'vary'],
        }),
      ),
    ],
  },
  {
    id: 'gateway-hosts',
    topic: 'entrada',
    apply: yaml(
      gateway('fid-gw', http('httpbin.example.com')),
      service({ name: 'fid-web', hosts: '[httpbin.example.com]', gateways: '[fid-gw]' }, [
        '{match: [{uri: {prefix: /status}}, {uri: {prefix: /headers}}, {uri: {prefix: /anything}}], route: [{destination: {host: httpbin, port: {number: 8000}}}]}',
      ]),
    ),
    behaviours: [
      is(
        'right-host',
        'el Host del Gateway',
        outside('/status/418', { host: 'httpbin.example.com', logs: ['gateway', 'httpbin'] }),
      ),
      is('host-with-port', 'el Host con puerto', outside('/status/200', { host: 'httpbin.example.com:8080' })),
      is('host-case', 'el Host no distingue mayúsculas', outside('/status/200', { host: 'HTTPBIN.Example.com' })),
      is('headers', 'las cabeceras que ve el servicio', outside('/headers', { host: 'httpbin.example.com' })),
      is(
        'xff',
        'X-Forwarded-For de fuera se amplía',
        outside('/headers', { host: 'httpbin.example.com', args: header('X-Forwarded-For: 1.2.3.4') }),
      ),
      is(
        'proto',
        'X-Forwarded-Proto de fuera no se cree',
        outside('/headers', { host: 'httpbin.example.com', args: header('X-Forwarded-Proto: https') }),
      ),
      is(
        'request-id',
        'x-request-id de fuera se cambia',
        outside('/headers', { host: 'httpbin.example.com', args: header('x-request-id: mi-identificador') }),
      ),
      is(
        'envoy-headers',
        'las cabeceras x-envoy de fuera se quitan',
        outside('/headers', {
          host: 'httpbin.example.com',
          args: header('x-envoy-max-retries: 9', 'x-envoy-upstream-rq-timeout-ms: 1', 'x-envoy-retry-on: 5xx'),
        }),
      ),
      is('path-not-routed', 'un camino que no está en las rutas', outside('/ip', { host: 'httpbin.example.com' })),
      is(
        'mesh-by-gateway-host',
        'ese Host desde dentro no es de la malla',
        mesh('/status/200', { args: header('Host: httpbin.example.com') }),
      ),
    ],
  },
  {
    id: 'gateway-port-80',
    topic: 'entrada',
    apply: yaml(
      gateway('fid-gw', '{port: {number: 80, name: http, protocol: HTTP}, hosts: [eighty.example.com]}'),
      service({ name: 'fid-eighty', hosts: '[eighty.example.com]', gateways: '[fid-gw]' }, [toHttpbin]),
    ),
    behaviours: [
      is(
        'same',
        'los puertos 80 y 8080 del Gateway son el mismo',
        outside('/status/200', { host: 'eighty.example.com' }),
      ),
    ],
  },
  {
    id: 'gateway-redirect',
    topic: 'entrada',
    apply: yaml(
      gateway(
        'fid-gw',
        '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [secure.example.com], tls: {httpsRedirect: true}}',
      ),
      service({ name: 'fid-secure', hosts: '[secure.example.com]', gateways: '[fid-gw]' }, [toHttpbin]),
    ),
    behaviours: [
      is('redirect', 'httpsRedirect: 301 a https', outside('/status/200?q=1', { host: 'secure.example.com' })),
      is('port', 'httpsRedirect con puerto en el Host', outside('/x', { host: 'secure.example.com:8080' })),
    ],
  },
  {
    id: 'gateway-namespaces',
    topic: 'entrada',
    apply: yaml(
      gateway(
        'fid-gw',
        http('"default/*.ns.example.com"', 'http-a'),
        http('"legacy/*.far.example.com"', 'http-b'),
        http('"./own.example.com"', 'http-c'),
      ),
      service(
        { name: 'fid-ns', hosts: '[a.ns.example.com, b.far.example.com, own.example.com]', gateways: '[fid-gw]' },
        [toHttpbin],
      ),
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: fid-far, namespace: legacy}\nspec: {hosts: [c.far.example.com], gateways: [default/fid-gw], http: [{route: [{destination: {host: httpbin, port: {number: 8000}}}]}]}\n`,
    ),
    behaviours: [
      is('own', 'espacio/host: un VirtualService de ese espacio', outside('/status/200', { host: 'a.ns.example.com' })),
      is('other', 'espacio/host: uno de otro espacio no entra', outside('/status/200', { host: 'b.far.example.com' })),
      is('dot', './host: el espacio del Gateway', outside('/status/200', { host: 'own.example.com' })),
      is(
        'far',
        'un VirtualService que nombra un Gateway de otro espacio',
        outside('/status/200', { host: 'c.far.example.com' }),
      ),
    ],
  },
  {
    id: 'gateway-selector',
    topic: 'entrada',
    apply: yaml(
      object('networking.istio.io/v1', 'Gateway', { name: 'fid-none' }, [
        'selector: {istio: nobody}',
        'servers:',
        `- ${http('nobody.example.com')}`,
      ]),
      service({ name: 'fid-nobody', hosts: '[nobody.example.com]', gateways: '[fid-none]' }, [toHttpbin]),
      service({ name: 'fid-missing-gw', hosts: '[missing.example.com]', gateways: '[no-such-gateway]' }, [toHttpbin]),
    ),
    behaviours: [
      is(
        'no-pods',
        'un Gateway cuyo selector no elige a nadie',
        outside('/status/200', { host: 'nobody.example.com' }),
      ),
      is(
        'missing',
        'un VirtualService con un Gateway que no existe',
        outside('/status/200', { host: 'missing.example.com' }),
      ),
    ],
  },
  {
    id: 'tls',
    topic: 'entrada',
    inOrder: true,
    apply: yaml(
      secret('fid-cert', 'server'),
      gateway(
        'fid-gw',
        secure('simple.example.com', '{mode: SIMPLE, credentialName: fid-cert}', 'https-a'),
        secure('missing.example.com', '{mode: SIMPLE, credentialName: fid-no-such-secret}', 'https-b'),
        secure(
          'modern.example.com',
          '{mode: SIMPLE, credentialName: fid-cert, minProtocolVersion: TLSV1_3}',
          'https-c',
        ),
      ),
      service(
        {
          name: 'fid-tls',
          hosts: '[simple.example.com, missing.example.com, modern.example.com]',
          gateways: '[fid-gw]',
        },
        [toHttpbin],
      ),
    ),
    behaviours: [
      is(
        'simple',
        'TLS SIMPLE con el Secret',
        outside('https://simple.example.com/status/418', { args: tlsArgs('simple.example.com', '--http1.1') }),
      ),
      is(
        'headers',
        'TLS SIMPLE: lo que ve el servicio',
        outside('https://simple.example.com/headers', { args: tlsArgs('simple.example.com', '--http1.1') }),
      ),
      is(
        'untrusted',
        'un cliente que no conoce la autoridad',
        outside('https://simple.example.com/status/200', {
          args: ['--connect-to', 'simple.example.com:443:{https}', '--http1.1'],
          logs: [],
        }),
      ),
      is(
        'unknown-sni',
        'un nombre que ningún servidor tiene: se corta',
        outside('https://other.example.com/status/200', {
          args: ['-k', '--connect-to', 'other.example.com:443:{https}'],
          logs: [],
        }),
      ),
      is(
        'missing-secret',
        'un Secret que no existe: se corta',
        outside('https://missing.example.com/status/200', {
          args: ['-k', '--connect-to', 'missing.example.com:443:{https}'],
          logs: [],
        }),
      ),
      is(
        'old-version',
        'un cliente de TLS 1.2 con minProtocolVersion 1.3',
        outside('https://modern.example.com/status/200', {
          args: tlsArgs('modern.example.com', '--tls-max', '1.2'),
          logs: [],
        }),
      ),
      is(
        'new-version',
        'un cliente de TLS 1.3',
        outside('https://modern.example.com/status/200', { args: tlsArgs('modern.example.com', '--http1.1') }),
      ),
      is(
        'wrong-host',
        'otro Host dentro de la conexión',
        outside('https://simple.example.com/status/200', {
          args: [...tlsArgs('simple.example.com', '--http1.1'), ...header('Host: other.example.com')],
        }),
      ),
      is(
        'from-plain',
        'TLS SIMPLE desde un pod sin sidecar',
        plain('https://simple.example.com/status/418', { args: tlsInside('simple.example.com'), logs: ['gateway'] }),
      ),
      is(
        'from-mesh',
        'TLS SIMPLE desde un pod con sidecar: su proxy copia los bytes',
        mesh('https://simple.example.com/status/418', {
          args: tlsInside('simple.example.com'),
          logs: ['curl', 'gateway'],
        }),
      ),
      is(
        'other-from-plain',
        'TLS desde un pod: un nombre que el gateway no tiene',
        plain('https://other.example.com/status/200', { args: tlsInside('other.example.com'), logs: ['gateway'] }),
      ),
      is('plain-on-tls', 'HTTP en claro al puerto de TLS', outside('http://{https}/status/200', { logs: [] })),
    ],
  },
  {
    id: 'tls-mutual',
    topic: 'entrada',
    inOrder: true,
    apply: yaml(
      ca,
      gateway('fid-gw', secure('mutual.example.com', '{mode: MUTUAL, credentialName: fid-mutual}')),
      service({ name: 'fid-mutual', hosts: '[mutual.example.com]', gateways: '[fid-gw]' }, [toHttpbin]),
    ),
    behaviours: [
      is(
        'with',
        'TLS MUTUAL con certificado de cliente',
        outside('https://mutual.example.com/status/200', {
          args: tlsArgs(
            'mutual.example.com',
            '--http1.1',
            '--cert',
            '{{client.crt.file}}',
            '--key',
            '{{client.key.file}}',
          ),
        }),
      ),
      is(
        'without',
        'TLS MUTUAL sin certificado de cliente',
        outside('https://mutual.example.com/status/200', {
          args: tlsArgs('mutual.example.com', '--http1.1'),
          logs: [],
        }),
      ),
      is(
        'stranger',
        'TLS MUTUAL con un certificado de otra autoridad',
        outside('https://mutual.example.com/status/200', {
          args: tlsArgs(
            'mutual.example.com',
            '--http1.1',
            '--cert',
            '{{stranger.crt.file}}',
            '--key',
            '{{stranger.key.file}}',
          ),
          logs: [],
        }),
      ),
    ],
  },
];
