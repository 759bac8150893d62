// Access logs as the Telemetry API says, and what a proxy tells of itself.
import { is, mesh } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { telemetry } from '../manifests.ts';

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
