// Where a Sidecar object says that a pod takes requests in, and how many at once.
import { is, logs, mesh } from '../ask.ts';
import type { Ask, Caller, Situation } from '../behaviour.ts';
import { client, destinationRule, sidecar, yaml } from '../manifests.ts';

const ofHttpbin = 'workloadSelector: {labels: {app: httpbin}}';
const ingress = (...listeners: string[]) => sidecar('fid', ofHttpbin, `ingress: [${listeners.join(', ')}]`);
const http = (port: number, more = '') =>
  `{port: {number: ${port}, protocol: HTTP, name: http-${port}}, defaultEndpoint: "127.0.0.1:8080"${more}}`;
/** A Service whose pods are asked on the port of the listener. */
const another = `apiVersion: v1
kind: Service
metadata: {name: fid-in}
spec: {selector: {app: httpbin}, ports: [{name: http, port: 8000, targetPort: 9090}]}
`;
const seen = logs('curl', 'httpbin');
const narrow = ', connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}';
const limits = 'connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}';

const overflowing = (url: string, from: Caller = 'mesh'): Ask => ({ kind: 'burst', from, url, count: 8 });

export const sidecarIngress: Situation[] = [
  {
    id: 'sidecar-ingress',
    topic: 'registro',
    policy: true,
    apply: yaml(ingress(http(9090)), another),
    behaviours: [
      is(
        'listed',
        'Sidecar ingress: el puerto de la lista, llevado a defaultEndpoint',
        mesh('http://fid-in:8000/status/201', seen),
      ),
      is('headers', 'Sidecar ingress: lo que llega al programa', mesh('http://fid-in:8000/headers', seen)),
      is(
        'not-listed',
        'Sidecar ingress: el puerto de un Service que no está en la lista',
        mesh('/status/202', logs('curl')),
      ),
    ],
  },
  {
    id: 'sidecar-ingress-tls',
    topic: 'registro',
    policy: true,
    apply: yaml(
      ingress(
        '{port: {number: 9090, protocol: HTTPS, name: https}, defaultEndpoint: "127.0.0.1:8080", tls: {mode: SIMPLE, serverCertificate: /etc/no.pem, privateKey: /etc/no.key}}',
      ),
      another,
    ),
    behaviours: [
      is(
        'request',
        'Sidecar ingress con tls: sin ENABLE_TLS_ON_SIDECAR_INGRESS no cambia nada, y el puerto copia bytes',
        mesh('http://fid-in:8000/status/201', logs('curl')),
      ),
    ],
  },
  {
    id: 'sidecar-ingress-pool',
    topic: 'registro',
    policy: true,
    // With the eight at once, the one would be refused too, or wait for its turn.
    inOrder: true,
    apply: yaml(ingress(http(9090, narrow)), another),
    behaviours: [
      is('one', 'connectionPool de un ingress: una petición', mesh('http://fid-in:8000/status/201', seen)),
      is(
        'burst',
        'connectionPool de un ingress: con ocho a la vez, 503 del servidor',
        overflowing('http://fid-in:8000/delay/2'),
      ),
    ],
  },
  {
    id: 'sidecar-pool',
    topic: 'registro',
    policy: true,
    apply: sidecar(
      'fid',
      ofHttpbin,
      `inboundConnectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1}}`,
    ),
    behaviours: [
      is(
        'burst',
        'inboundConnectionPool de un Sidecar: con ocho a la vez, 503 del servidor',
        overflowing('http://httpbin:8000/delay/2'),
      ),
    ],
  },
  {
    id: 'rule-pool-at-server',
    topic: 'registro',
    policy: true,
    patience: true,
    apply: yaml(destinationRule('httpbin', `trafficPolicy: {${limits}}`), client({ inject: false })),
    behaviours: [
      is(
        'plain',
        'el límite de un DestinationRule vale también en el proxy del servidor: sin sidecar en el cliente',
        overflowing('http://httpbin:8000/delay/2', 'fid-client'),
      ),
    ],
  },
];
