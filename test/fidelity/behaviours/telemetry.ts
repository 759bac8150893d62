// Access logs as the Telemetry API says, and what a proxy tells of itself.
import { header, is, mesh } from '../ask.ts';
import type { SequenceAsk, Situation } from '../behaviour.ts';
import { gateway, object, service, telemetry } from '../manifests.ts';

/** Of the whole mesh, gateways too. */
const tracingOf = (percentage: number): string =>
  object('telemetry.istio.io/v1', 'Telemetry', { name: 'fid', namespace: 'istio-system' }, [
    `tracing: [{providers: [{name: jaeger}], randomSamplingPercentage: ${percentage}}]`,
  ]);

/** httpbin answers at the entry, by a name of its own. */
const openHttpbin = [
  gateway('fid', '{port: {number: 8080, name: http, protocol: HTTP}, hosts: [httpbin.example.com]}'),
  service({ name: 'fid-in', hosts: '[httpbin.example.com]', gateways: '[fid]' }, [
    '{route: [{destination: {host: httpbin, port: {number: 8000}}}]}',
  ]),
];

const parent = (flags: string): string => `traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`;

/** The last part of the traceparent that httpbin is sent: 01 when the request is kept. */
function flag(from: 'mesh' | 'plain' | 'outside', ...headers: string[]): SequenceAsk {
  const url = from === 'outside' ? '{entry}/headers' : 'http://httpbin.default:8000/headers';
  const host = from === 'outside' ? ['Host: httpbin.example.com'] : [];
  return { kind: 'sequence', from, requests: [{ url, args: header(...host, ...headers) }], of: FLAGS, see: 'list' };
}

const FLAGS = String.raw`(?<="00-[0-9a-f]{32}-[0-9a-f]{16}-)0\d`;

export const telemetries: Situation[] = [
  {
    id: 'log-off',
    topic: 'telemetria',
    policy: true,
    apply: telemetry('fid', 'selector: {matchLabels: {app: curl}}', 'accessLogging: [{disabled: true}]'),
    behaviours: [
      is(
        'silent',
        'accessLogging disabled sin nombrar el proveedor no hace callar a nadie',
        mesh('/status/200', { logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'log-off-named',
    topic: 'telemetria',
    policy: true,
    apply: telemetry(
      'fid',
      'selector: {matchLabels: {app: curl}}',
      'accessLogging: [{providers: [{name: envoy}], disabled: true}]',
    ),
    behaviours: [
      is(
        'silent',
        'accessLogging disabled con el proveedor: ese proxy calla y el otro no',
        mesh('/status/200', { logs: ['curl', 'httpbin'] }),
      ),
    ],
  },
  {
    id: 'log-filter',
    topic: 'telemetria',
    policy: true,
    apply: telemetry(
      'fid',
      'accessLogging: [{providers: [{name: envoy}], filter: {expression: "response.code >= 400"}}]',
    ),
    behaviours: [
      is('ok', 'filtro de registro: un 200 no se escribe', mesh('/status/200', { logs: ['curl', 'httpbin'] })),
      is('error', 'filtro de registro: un 500 sí', mesh('/status/500', { logs: ['curl', 'httpbin'] })),
    ],
  },
  {
    id: 'log-mode',
    topic: 'telemetria',
    policy: true,
    apply: telemetry('fid', 'accessLogging: [{providers: [{name: envoy}], match: {mode: CLIENT}}]'),
    behaviours: [is('client', 'match CLIENT: solo quien llama', mesh('/status/200', { logs: ['curl', 'httpbin'] }))],
  },
  {
    id: 'tracing-off',
    topic: 'telemetria',
    behaviours: [is('no-headers', 'sin Telemetry no hay cabeceras de traza', mesh('/headers?trace'))],
  },
  {
    id: 'tracing-sampling',
    topic: 'telemetria',
    policy: true,
    apply: [tracingOf(0), ...openHttpbin].join('---\n'),
    behaviours: [
      is('parent', 'con el 0 %, un traceparent acabado en 01 no basta', flag('mesh', parent('01'))),
      is('client-id', 'x-client-trace-id hace guardar esa petición', flag('mesh', 'x-client-trace-id: 1')),
      is(
        'client-id-parent',
        'x-client-trace-id con un traceparent acabado en 01: se guarda, en esa traza',
        flag('mesh', parent('01'), 'x-client-trace-id: 1'),
      ),
      is(
        'client-id-refused',
        'x-client-trace-id con un traceparent acabado en 00: no se guarda',
        flag('mesh', parent('00'), 'x-client-trace-id: 1'),
      ),
      is('forced', 'x-envoy-force-trace de un programa no hace nada', flag('mesh', 'x-envoy-force-trace: true')),
      is(
        'request-id',
        'un x-request-id que dice que se guarda se obedece dentro de la malla',
        flag('mesh', 'x-request-id: 55b4b96f-bcae-9951-a543-40639ac95bce'),
      ),
      is('plain-parent', 'de quien no tiene sidecar, un traceparent acabado en 01', flag('plain', parent('01'))),
      is('plain-client-id', 'de quien no tiene sidecar, x-client-trace-id', flag('plain', 'x-client-trace-id: 1')),
      is('plain-none', 'de quien no tiene sidecar, sin cabeceras', flag('plain')),
      is('entry-parent', 'por la entrada, un traceparent acabado en 01 no basta', flag('outside', parent('01'))),
      is('entry-client-id', 'por la entrada, x-client-trace-id sí', flag('outside', 'x-client-trace-id: 1')),
      is(
        'entry-request-id',
        'por la entrada, el x-request-id de fuera no decide',
        flag('outside', 'x-request-id: 55b4b96f-bcae-9951-a543-40639ac95bce'),
      ),
    ],
  },
  {
    id: 'tracing-every',
    topic: 'telemetria',
    policy: true,
    apply: [tracingOf(100), ...openHttpbin].join('---\n'),
    behaviours: [
      is('none', 'con el 100 %, se guarda', flag('mesh')),
      is('refused', 'con el 100 %, un traceparent acabado en 00 no se guarda', flag('mesh', parent('00'))),
      is('entry-refused', 'ni por la entrada', flag('outside', parent('00'))),
    ],
  },
  {
    id: 'proxy-admin',
    topic: 'telemetria',
    behaviours: [
      is('ready', 'el sidecar se dice listo', {
        kind: 'shell',
        from: 'httpbin-proxy',
        script: 'curl -s -o /dev/null -w "%{http_code}" localhost:15021/healthz/ready',
      }),
      is('server-info', 'pilot-agent request GET server_info', {
        kind: 'shell',
        from: 'httpbin-proxy',
        script: 'pilot-agent request GET server_info',
        of: '"state": "\\w+"',
      }),
      is('clusters', 'pilot-agent request GET clusters: los del servicio', {
        kind: 'shell',
        from: 'curl-proxy',
        script: 'pilot-agent request GET clusters',
        of: 'outbound\\|8000\\|\\|httpbin.default.svc.cluster.local::(?:default_priority::max_connections|added_via_api)::\\w+',
      }),
      is('config-dump', 'localhost:15000/config_dump: sus partes', {
        kind: 'shell',
        from: 'curl-proxy',
        script: 'curl -s localhost:15000/config_dump',
        of: 'envoy.admin.v3.\\w+ConfigDump',
      }),
      is('listeners', 'localhost:15000/listeners', {
        kind: 'shell',
        from: 'curl-proxy',
        script: 'curl -s localhost:15000/listeners',
        of: 'virtualInbound::\\S+|virtualOutbound::\\S+',
      }),
      is('help', 'localhost:15000/ready', {
        kind: 'shell',
        from: 'curl-proxy',
        script: 'curl -s localhost:15000/ready',
      }),
    ],
  },
];
