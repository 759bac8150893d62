// What a sidecar knows: outside services, ServiceEntry, Sidecar, TCP services.
import { header, is, mesh } from '../ask.ts';
import type { Situation } from '../behaviour.ts';
import { destinationRule, object, serviceEntry, sidecar, virtualService, yaml } from '../manifests.ts';

const legacy = 'httpbin.legacy.svc.cluster.local';
const echo = (port: number) => `(echo world; sleep 1) | nc -w2 tcp-echo ${port}`;

export const registry: Situation[] = [
  {
    id: 'allow-any',
    topic: 'registro',
    behaviours: [
      is(
        'unknown-host',
        'ALLOW_ANY: un Host que nadie tiene, en un puerto de la malla',
        mesh('/status/200', { args: header('Host: nosuch.example') }),
      ),
    ],
  },
  {
    id: 'service-entry',
    topic: 'registro',
    apply: yaml(
      serviceEntry(
        'fid-external',
        'hosts: [ext.example.com]',
        'location: MESH_EXTERNAL',
        'resolution: DNS',
        'ports: [{number: 8000, name: http, protocol: HTTP}]',
        `endpoints: [{address: ${legacy}}]`,
      ),
      serviceEntry(
        'fid-empty',
        'hosts: [empty.example.com]',
        'resolution: STATIC',
        'addresses: [240.1.1.2]',
        'ports: [{number: 8000, name: http, protocol: HTTP}]',
      ),
      serviceEntry(
        'fid-select',
        'hosts: [select.example.com]',
        'location: MESH_INTERNAL',
        'resolution: STATIC',
        'addresses: [240.1.1.3]',
        'ports: [{number: 8000, name: http, protocol: HTTP, targetPort: 8080}]',
        'workloadSelector: {labels: {app: httpbin}}',
      ),
      virtualService(
        'ext.example.com',
        '{match: [{uri: {prefix: /slow}}], timeout: 1s, rewrite: {uri: /delay/3}, route: [{destination: {host: ext.example.com}}]}',
        '{match: [{uri: {prefix: /abort}}], fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, route: [{destination: {host: ext.example.com}}]}',
        '{route: [{destination: {host: ext.example.com}}]}',
      ),
    ),
    behaviours: [
      is('dns', 'ServiceEntry DNS: por su Host', mesh('/status/201', { args: header('Host: ext.example.com') })),
      is(
        'timeout',
        'un VirtualService sobre un ServiceEntry: timeout',
        mesh('/slow', { args: header('Host: ext.example.com'), timed: true }),
      ),
      is(
        'abort',
        'un VirtualService sobre un ServiceEntry: abort',
        mesh('/abort', { args: header('Host: ext.example.com') }),
      ),
      is(
        'no-endpoints',
        'ServiceEntry STATIC sin extremos',
        mesh('http://240.1.1.2:8000/status/200', { args: header('Host: empty.example.com') }),
      ),
      is(
        'selector',
        'ServiceEntry con workloadSelector: los pods',
        mesh('http://240.1.1.3:8000/headers', { args: header('Host: select.example.com') }),
      ),
    ],
  },
  {
    id: 'registry-only',
    topic: 'registro',
    apply: yaml(sidecar('default', 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}')),
    behaviours: [
      is('known', 'REGISTRY_ONLY: un servicio de la malla', mesh('/status/200')),
      is('legacy', 'REGISTRY_ONLY: un servicio de otro espacio', mesh('http://httpbin.legacy:8000/status/200')),
      is(
        'unknown-host',
        'REGISTRY_ONLY: un Host desconocido en un puerto de la malla: 502',
        mesh('/status/200', { args: header('Host: nosuch.example') }),
      ),
      is(
        'unknown-address',
        'REGISTRY_ONLY: una dirección y un puerto desconocidos: se corta',
        mesh('http://240.0.0.77:8765/', { args: ['-m', '5'], logs: [] }),
      ),
    ],
  },
  {
    id: 'sidecar-egress',
    topic: 'registro',
    apply: sidecar(
      'fid',
      'workloadSelector: {labels: {app: curl}}',
      'egress: [{hosts: ["./httpbin.default.svc.cluster.local", "istio-system/*"]}]',
      'outboundTrafficPolicy: {mode: REGISTRY_ONLY}',
    ),
    behaviours: [
      is('listed', 'Sidecar egress: lo que está en la lista', mesh('/status/200')),
      is(
        'not-listed',
        'Sidecar egress: otro servicio del mismo puerto no se conoce',
        mesh('http://httpbin.legacy:8000/status/200'),
      ),
      is(
        'not-listed-port',
        'Sidecar egress: un servicio en otro puerto no se conoce',
        mesh('http://helloworld:5000/hello', { args: ['-m', '5'], logs: [] }),
      ),
    ],
  },
  {
    id: 'sidecar-egress-any',
    topic: 'registro',
    apply: sidecar(
      'fid',
      'workloadSelector: {labels: {app: curl}}',
      'egress: [{hosts: ["./httpbin.default.svc.cluster.local"]}]',
      'outboundTrafficPolicy: {mode: ALLOW_ANY}',
    ),
    behaviours: [
      is(
        'not-listed',
        'Sidecar egress con ALLOW_ANY: se llega, pero sin la malla',
        mesh('http://helloworld:5000/hello', { marks: ['Hello version'], headers: ['server'] }),
      ),
    ],
  },
  {
    id: 'tcp',
    topic: 'registro',
    behaviours: [
      is('echo', 'TCP por los sidecars', { kind: 'shell', from: 'mesh', script: echo(9000) }),
      is('echo-other', 'TCP a otro puerto', { kind: 'shell', from: 'mesh', script: echo(9001) }),
      is('plain', 'TCP sin sidecar', {
        kind: 'shell',
        from: 'plain',
        script: '(echo world; sleep 1) | nc -w2 tcp-echo.default 9000',
      }),
    ],
  },
  {
    id: 'tcp-routes',
    topic: 'registro',
    apply: yaml(
      object('networking.istio.io/v1', 'VirtualService', { name: 'fid-tcp' }, [
        'hosts: [tcp-echo]',
        'tcp:',
        '- {match: [{port: 9000}], route: [{destination: {host: tcp-echo, subset: v1, port: {number: 9001}}}]}',
        '- {match: [{port: 9001}], route: [{destination: {host: tcp-echo, subset: none}}]}',
      ]),
      destinationRule('tcp-echo', 'subsets: [{name: v1, labels: {version: v1}}, {name: none, labels: {version: v9}}]'),
    ),
    behaviours: [
      is('route', 'una ruta TCP a otro puerto', { kind: 'shell', from: 'mesh', script: echo(9000) }),
      is('no-pods', 'una ruta TCP a un subset sin pods: se corta', { kind: 'shell', from: 'mesh', script: echo(9001) }),
    ],
  },
];
