// Discovery, versions, health, content negotiation and addresses that are nothing.
import { client, http, kubectl, type Situation, situation } from '../behaviour.ts';

const groupPath = (group: string): string => (group === '' ? '/api/v1' : `/apis/${group}`);

const groups = [
  '',
  'apps/v1',
  'batch/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'policy/v1',
  'networking.k8s.io/v1',
  'discovery.k8s.io/v1',
  'coordination.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'storage.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'node.k8s.io/v1',
  'events.k8s.io/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'certificates.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
];

export const protocol: Situation[] = [
  situation('descubrir', 'protocolo', {
    'los grupos del núcleo': http('GET /api', { only: ['kind', 'versions'] }),
    ...Object.fromEntries(groups.map((g) => [`los recursos de ${g || 'v1'}`, http(`GET ${groupPath(g)}`)])),
    'un grupo': http('GET /apis/apps'),
    'un grupo con dos versiones': http('GET /apis/autoscaling'),
    'un grupo que no hay': http('GET /apis/nada.example.com'),
    'una versión que no hay': http('GET /apis/apps/v9'),
    'api-versions': kubectl('api-versions', {
      lines: /^(v1|(apps|batch|policy|autoscaling|[a-z]+\.k8s\.io|rbac.*)\/v[12])$/,
    }),
    'api-resources de apps': kubectl('api-resources --api-group=apps --no-headers'),
    'api-resources con verbos': kubectl('api-resources --api-group=batch -o wide'),
    'api-resources sin espacio de nombres': kubectl(
      'api-resources --namespaced=false --api-group=rbac.authorization.k8s.io',
    ),
    'api-resources por nombre': kubectl('api-resources --api-group=policy -o name'),
  }),
  situation('salud', 'protocolo', {
    livez: http('GET /livez'),
    readyz: http('GET /readyz'),
    healthz: http('GET /healthz'),
    'livez con detalle': http('GET /livez?verbose', { firstLine: true }),
    'livez de una sola cosa': http('GET /livez/ping'),
    'livez de algo que no hay': http('GET /livez/nada'),
    'livez salvo una cosa': http('GET /livez?exclude=etcd'),
    versión: http('GET /version', {
      only: ['major', 'minor', 'emulationMajor', 'emulationMinor', 'minCompatibilityMinor'],
    }),
    'versión por POST': http('POST /version', { body: {} }),
    métricas: http('GET /metrics', { firstLine: true }),
    'cluster-info dice dónde': kubectl('cluster-info', { lines: /control plane/ }),
    'una raíz que no hay': http('GET /nada'),
    'dos barras': http('GET //api/v1//namespaces', { firstLine: true }),
    'HEAD de un objeto': http('HEAD /api/v1/namespaces/default'),
    'OPTIONS de un objeto': http('OPTIONS /api/v1/namespaces/default'),
    'un método inventado': http('PURGE /api/v1/namespaces/default'),
  }),
  situation('formas', 'protocolo', {
    'JSON si se pide protobuf o JSON': http('GET /api/v1/namespaces/{ns}', {
      headers: { accept: 'application/cbor,application/json' },
      only: ['kind', 'metadata.name'],
    }),
    'YAML si se pide': http('GET /api/v1/namespaces/default', {
      headers: { accept: 'application/yaml' },
      firstLine: true,
    }),
    'un tipo inventado': http('GET /api/v1/namespaces/default', { headers: { accept: 'application/nada' } }),
    'HTML cae en JSON': http('GET /api/v1/namespaces/default', {
      headers: { accept: 'text/html,*/*' },
      only: ['kind'],
    }),
    'una tabla de un objeto': http('GET /api/v1/namespaces/{ns}', {
      headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
      only: [
        'kind',
        'apiVersion',
        'columnDefinitions.name',
        'columnDefinitions.type',
        'columnDefinitions.format',
        'columnDefinitions.priority',
        'rows.cells',
      ],
    }),
    'una tabla sin objetos': http('GET /api/v1/namespaces/{ns}/configmaps?includeObject=None', {
      headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
      only: ['rows.object', 'kind'],
    }),
    'una tabla con includeObject inventado': http('GET /api/v1/namespaces/{ns}/configmaps?includeObject=Nada', {
      headers: { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' },
    }),
    'solo los metadatos': http('GET /api/v1/namespaces/{ns}', {
      headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' },
    }),
    'solo los metadatos de una lista': http('GET /api/v1/namespaces/{ns}/serviceaccounts', {
      headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' },
    }),
    'una forma inventada': http('GET /api/v1/namespaces/{ns}', {
      headers: { accept: 'application/json;as=Nada;g=meta.k8s.io;v=v1' },
    }),
    'el cuerpo de tipo inventado': http('POST /api/v1/namespaces/{ns}/configmaps', {
      body: 'x',
      headers: { 'content-type': 'text/nada' },
    }),
    'el cuerpo en YAML': http('POST /api/v1/namespaces/{ns}/configmaps', {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: de-yaml\ndata:\n  a: "1"\n',
      headers: { 'content-type': 'application/yaml' },
    }),
    'openapi v3 de apps': http('GET /openapi/v3/apis/apps/v1', { only: ['openapi', 'info.title'] }),
    'openapi v3 de un grupo que no hay': http('GET /openapi/v3/apis/nada/v1'),
    'openapi v2': http('GET /openapi/v2', { only: ['swagger', 'info.title'] }),
  }),
  situation('biblioteca-protocolo', 'protocolo', {
    'listar los grupos': client(async ({ core }) => (await core.getAPIResources()).groupVersion),
    'leer un espacio de nombres': client(({ core }, ns) => core.readNamespace({ name: ns })),
    'leer uno que no hay': client(({ core }) => core.readNamespace({ name: 'kf-nada' })),
    'leer por clase': client(({ objects }, ns) =>
      objects.read({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: ns } }),
    ),
    'una clase que no hay': client(({ objects }) =>
      objects.read({ apiVersion: 'nada.example.com/v1', kind: 'Nada', metadata: { name: 'x' } }),
    ),
  }),
];
