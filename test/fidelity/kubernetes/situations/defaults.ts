// What each kind is when it comes back: its defaults, its columns, its description.
import { type Ask, http, kubectl, type Situation, situation } from '../behaviour.ts';
import { collectionOf, samples } from '../kinds.ts';
import { container, deployment, pod, service, template } from '../objects.ts';

const table = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
const clusterWide = samples.filter((s) => s.cluster).map(({ plural }) => plural);
const groupOf = (base: string): string => (base === '/api/v1' ? '' : `.${base.split('/')[2]}`);

function perKind(ask: (sample: (typeof samples)[number]) => Ask | Ask[], name: (kind: string) => string) {
  return Object.fromEntries(samples.map((sample) => [name(sample.kind), ask(sample)]));
}

const post = (path: string, body: object, only: string[]) => http(`POST ${path}`, { body, only: [...only, 'message'] });

export const defaults: Situation[] = [
  situation(
    'valores',
    'valores',
    perKind(
      (s) => http(`POST ${collectionOf(s)}`, { body: s.object }),
      (kind) => `un ${kind} mínimo`,
    ),
    {
      cleanup: clusterWide.map((plural) => `${plural} kf-${plural}`),
    },
  ),
  situation(
    'tablas',
    'tablas',
    perKind(
      (s) => {
        const name = (s.object.metadata as { name: string }).name;
        return http(`GET ${collectionOf(s)}/${name}`, {
          headers: table,
          only: [
            'columnDefinitions.name',
            'columnDefinitions.type',
            'columnDefinitions.format',
            'columnDefinitions.priority',
          ],
        });
      },
      (kind) => `las columnas de ${kind}`,
    ),
    {
      setup: samples.map((s) => http(`POST ${collectionOf(s)}`, { body: renamed(s.object) })),
      cleanup: clusterWide.map((plural) => `${plural} kf-${plural}`),
    },
  ),
  situation(
    'tablas-kubectl',
    'tablas',
    perKind(
      (s) =>
        kubectl(
          `get ${s.plural}${groupOf(s.base)} ${(renamed(s.object).metadata as { name: string }).name} -n {ns} -o wide`,
        ),
      (kind) => `get -o wide de ${kind}`,
    ),
    {
      setup: samples.map((s) => http(`POST ${collectionOf(s)}`, { body: renamed(s.object) })),
      cleanup: clusterWide.map((plural) => `${plural} kf-${plural}`),
      slow: true,
    },
  ),
  situation('valores-pod', 'valores', {
    'sondas HTTP': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [container({ livenessProbe: { httpGet: { port: 80 } } })] }),
      ['spec.containers.livenessProbe'],
    ),
    'sondas de orden': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [container({ startupProbe: { exec: { command: ['true'] } } })] }),
      ['spec.containers.startupProbe'],
    ),
    'sondas gRPC': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [container({ readinessProbe: { grpc: { port: 80 } } })] }),
      ['spec.containers.readinessProbe'],
    ),
    'límites que hacen peticiones': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', {
        containers: [container({ resources: { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '500m' } } })],
      }),
      ['spec.containers.resources', 'status.qosClass'],
    ),
    'cantidades en su forma': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [container({ resources: { requests: { cpu: '0.5', memory: '1024Ki' } } })] }),
      ['spec.containers.resources', 'status.qosClass'],
    ),
    'sin etiqueta se baja siempre': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [{ name: 'c', image: 'busybox' }] }),
      ['spec.containers.imagePullPolicy'],
    ),
    'con digest no se baja siempre': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { containers: [{ name: 'c', image: `busybox@sha256:${'a'.repeat(64)}` }] }),
      ['spec.containers.imagePullPolicy'],
    ),
    'el volumen de su token': post('/api/v1/namespaces/{ns}/pods?dryRun=All', pod('x'), [
      'spec.volumes',
      'spec.containers.volumeMounts',
    ]),
    'sin token': post('/api/v1/namespaces/{ns}/pods?dryRun=All', pod('x', { automountServiceAccountToken: false }), [
      'spec.volumes',
      'spec.containers.volumeMounts',
      'spec.automountServiceAccountToken',
    ]),
    'tolerancias que se añaden': post('/api/v1/namespaces/{ns}/pods?dryRun=All', pod('x'), [
      'spec.tolerations',
      'spec.priority',
      'spec.preemptionPolicy',
      'spec.enableServiceLinks',
      'spec.serviceAccount',
    ]),
    'la clase de prioridad': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { priorityClassName: 'system-node-critical' }),
      ['spec.priority', 'spec.priorityClassName', 'spec.preemptionPolicy'],
    ),
    'una clase de prioridad que no hay': http('POST /api/v1/namespaces/{ns}/pods?dryRun=All', {
      body: pod('x', { priorityClassName: 'nada' }),
    }),
    'una cuenta que no hay': http('POST /api/v1/namespaces/{ns}/pods', {
      body: pod('x', { serviceAccountName: 'nada' }),
    }),
    'hostNetwork copia los puertos': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', { hostNetwork: true, containers: [container({ ports: [{ containerPort: 80 }] })] }),
      ['spec.containers.ports', 'spec.hostNetwork'],
    ),
    'el env de un campo': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', {
        containers: [
          container({
            env: [
              { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
              { name: 'V', value: '' },
            ],
          }),
        ],
      }),
      ['spec.containers.env'],
    ),
    'volúmenes de cada clase': post(
      '/api/v1/namespaces/{ns}/pods?dryRun=All',
      pod('x', {
        automountServiceAccountToken: false,
        volumes: [
          { name: 'a', configMap: { name: 'x' } },
          { name: 'b', secret: { secretName: 'x' } },
          { name: 'c', hostPath: { path: '/x' } },
          { name: 'd', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
          { name: 'e', downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
          { name: 'f' },
        ],
      }),
      ['spec.volumes'],
    ),
    'la estrategia Recreate': post(
      '/apis/apps/v1/namespaces/{ns}/deployments?dryRun=All',
      deployment('x', { strategy: { type: 'Recreate' } }),
      ['spec.strategy'],
    ),
    'la estrategia por números': post(
      '/apis/apps/v1/namespaces/{ns}/deployments?dryRun=All',
      deployment('x', { strategy: { rollingUpdate: { maxSurge: 2 } } }),
      ['spec.strategy'],
    ),
    'un StatefulSet con volumen': post(
      '/apis/apps/v1/namespaces/{ns}/statefulsets?dryRun=All',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'x' },
        spec: {
          serviceName: 'x',
          selector: { matchLabels: { app: 'x' } },
          template: template('x'),
          volumeClaimTemplates: [
            {
              metadata: { name: 'd' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
      },
      ['spec.volumeClaimTemplates', 'spec.persistentVolumeClaimRetentionPolicy', 'spec.updateStrategy'],
    ),
    'un Job con plazos': post(
      '/apis/batch/v1/namespaces/{ns}/jobs?dryRun=All',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'x' },
        spec: {
          completions: 3,
          completionMode: 'Indexed',
          template: { spec: { restartPolicy: 'OnFailure', containers: [container()] } },
        },
      },
      ['spec'],
    ),
    'un HPA con métrica': post(
      '/apis/autoscaling/v2/namespaces/{ns}/horizontalpodautoscalers?dryRun=All',
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'x' },
        spec: {
          maxReplicas: 3,
          scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
          ],
          behavior: { scaleDown: { stabilizationWindowSeconds: 1 } },
        },
      },
      ['spec'],
    ),
    'un HPA de la versión 1': post(
      '/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers?dryRun=All',
      {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'x' },
        spec: {
          maxReplicas: 3,
          targetCPUUtilizationPercentage: 50,
          scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' },
        },
      },
      ['spec', 'apiVersion'],
    ),
    NodePort: post('/api/v1/namespaces/{ns}/services?dryRun=All', service('x', { type: 'NodePort' }), ['spec']),
    LoadBalancer: post('/api/v1/namespaces/{ns}/services?dryRun=All', service('x', { type: 'LoadBalancer' }), [
      'spec',
      'status',
    ]),
    ExternalName: post(
      '/api/v1/namespaces/{ns}/services?dryRun=All',
      service('x', { type: 'ExternalName', externalName: 'a.example.com', selector: null }),
      ['spec'],
    ),
    'sin IP': post('/api/v1/namespaces/{ns}/services?dryRun=All', service('x', { clusterIP: 'None' }), ['spec']),
    'afinidad de sesión': post(
      '/api/v1/namespaces/{ns}/services?dryRun=All',
      service('x', { sessionAffinity: 'ClientIP' }),
      ['spec.sessionAffinityConfig', 'spec.sessionAffinity'],
    ),
    'LoadBalancer local': post(
      '/api/v1/namespaces/{ns}/services?dryRun=All',
      service('x', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }),
      ['spec'],
    ),
    'una NetworkPolicy de salida': post(
      '/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies?dryRun=All',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'x' },
        spec: { podSelector: {}, egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] },
      },
      ['spec'],
    ),
    'un Secret de TLS': post(
      '/api/v1/namespaces/{ns}/secrets?dryRun=All',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'x' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': '', 'tls.key': '' },
      },
      ['data', 'type'],
    ),
  }),
];

/** The event of a namespace must name it. */
function renamed(object: Record<string, unknown>): Record<string, unknown> {
  return object.kind === 'Event'
    ? { ...object, involvedObject: { kind: 'Pod', name: 'x', namespace: '{ns}' } }
    : object;
}
