// What a class that is graded on a cluster is there: a volume with the hand-ins, a pod that carries them in and out, and an
// Indexed Job whose pods grade a part each. In a namespace of its own, or in that of a volume that somebody has; none of
// the pods may talk to anybody.
import { managedLabel } from '../../cluster/managed-label.ts';
import type { KubeObject } from '../../mesh/objects.ts';

export interface JobSettings {
  namespace: string;
  /** Of scripts/grading-image/Dockerfile. */
  image: string;
  /** Parts, and how many are graded at once. */
  parts: number;
  atOnce: number;
  /** A claim that is in the namespace already; absent: both are made. */
  volume?: string;
  /** Of the volume that is made, e.g. `2Gi`. */
  size: string;
  /** Milliseconds since 1970: the moment of grading, the same for all parts. */
  now: number;
  /** Seconds that one hand-in may take. */
  limit: number;
  /** A key of the course has been put into the volume. */
  sealed: boolean;
}

export const names = {
  volume: 'malla-entregas',
  carrier: 'malla-datos',
  job: 'malla-calificar',
  alone: 'malla-nadie',
} as const;

/** In the volume, as the pods see it. */
export const places = {
  root: '/datos',
  submissions: '/datos/entregas',
  key: '/datos/curso/clave.json',
  results: '/datos/notas',
} as const;

/** Where the Dockerfile puts Malla. */
export const program = ['/usr/local/bin/node', '/malla/dist/malla.mjs'] as const;

/** In the order in which they are made. The Job comes when the hand-ins are there. */
export function placeObjects(settings: JobSettings): KubeObject[] {
  const { namespace, volume, size } = settings;
  return [
    ...(volume === undefined ? [ownNamespace(namespace)] : []),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: names.alone, namespace, labels: { ...managedLabel } },
      spec: {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [names.carrier, names.job] }] },
        policyTypes: ['Ingress', 'Egress'],
      },
    },
    ...(volume === undefined
      ? [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: names.volume, namespace, labels: { ...managedLabel } },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
          },
        ]
      : []),
    carrier(settings),
  ];
}

function ownNamespace(name: string): KubeObject {
  const rules = { 'pod-security.kubernetes.io/enforce': 'restricted', 'istio-injection': 'disabled' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { ...managedLabel, ...rules } } };
}

/** Waits to be asked by exec. */
function carrier(settings: JobSettings): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: names.carrier, namespace: settings.namespace, labels: { ...managedLabel, app: names.carrier } },
    spec: {
      ...podOf(settings, ['-e', 'setInterval(() => {}, 60000)'], { cpu: '50m', memory: '64Mi' }),
      restartPolicy: 'Always',
    },
  };
}

/** Each pod goes on with its part where one before it was killed. */
export function jobObject(settings: JobSettings): KubeObject {
  const { namespace, parts, atOnce, now, limit, sealed } = settings;
  const [, entry] = program;
  const args = [
    entry,
    ...['calificar', places.submissions, '--salida', `${places.results}/$(JOB_COMPLETION_INDEX)`],
    ...['--fragmento', `$(JOB_COMPLETION_INDEX)/${parts}`, '--momento', new Date(now).toISOString()],
    ...['--procesos', '1', '--limite', String(limit)],
    ...(sealed ? ['--clave', places.key] : []),
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: names.job, namespace, labels: { ...managedLabel } },
    spec: {
      completionMode: 'Indexed',
      completions: parts,
      parallelism: Math.min(parts, atOnce),
      backoffLimitPerIndex: 3,
      maxFailedIndexes: 0,
      template: {
        metadata: { labels: { ...managedLabel, app: names.job } },
        spec: {
          ...podOf(settings, args, { cpu: '500m', memory: '768Mi' }),
          restartPolicy: 'Never',
        },
      },
    },
  };
}

function podOf(
  { image, volume = names.volume }: JobSettings,
  args: readonly string[],
  requests: { cpu: string; memory: string },
): Record<string, unknown> {
  const [node] = program;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    // Volumes that one node alone can use bring all their pods to it.
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_532,
      runAsGroup: 65_532,
      fsGroup: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'malla',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: [node],
        args,
        env: [
          { name: 'MALLA_HOME', value: '/tmp/malla' },
          { name: 'HOME', value: '/tmp' },
        ],
        resources: { requests, limits: { memory: '2Gi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'datos', mountPath: places.root },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'datos', persistentVolumeClaim: { claimName: volume } },
      { name: 'tmp', emptyDir: {} },
    ],
  };
}
