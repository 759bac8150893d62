// The control plane's own workload and service.
import type { KubeObject } from '../../../mesh/objects.ts';
import { autoscaler } from './autoscaler.ts';
import { fromField, fromLimit, plain, tokenVolume } from './environment.ts';
import { chartLabels, componentLabels } from './labels.ts';
import { at, type InstallSettings, textAt } from './settings.ts';

export function istiodWorkload(settings: InstallSettings): KubeObject[] {
  const labels = { app: 'istiod', ...chartLabels('istiod', 'istiod'), ...componentLabels('Pilot') };
  const scaled = at(settings.values, 'pilot.autoscaleEnabled') === true;
  return [
    deployment(settings, labels, scaled),
    istiodService('istiod', settings.namespace, { ...labels, istio: 'pilot' }, { app: 'istiod', istio: 'pilot' }),
    ...(scaled ? [autoscaler('istiod', settings.namespace, labels)] : []),
  ];
}

export function istiodService(
  name: string,
  namespace: string,
  labels: Record<string, string>,
  selector: Record<string, string>,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      ports: [
        { name: 'grpc-xds', port: 15010, protocol: 'TCP' },
        { name: 'https-dns', port: 15012, protocol: 'TCP' },
        { name: 'https-webhook', port: 443, targetPort: 15017, protocol: 'TCP' },
        { name: 'http-monitoring', port: 15014, protocol: 'TCP' },
      ],
      selector,
    },
  };
}

function deployment(settings: InstallSettings, labels: Record<string, string>, scaled: boolean): KubeObject {
  const { release: _, ...podLabels } = labels;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: settings.namespace, labels: { ...labels, istio: 'pilot' } },
    spec: {
      ...(scaled ? {} : { replicas: 1 }),
      selector: { matchLabels: { istio: 'pilot' } },
      strategy: { rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } },
      template: {
        metadata: {
          annotations: {
            'prometheus.io/port': '15014',
            'prometheus.io/scrape': 'true',
            'sidecar.istio.io/inject': 'false',
          },
          labels: {
            ...podLabels,
            istio: 'pilot',
            'istio.io/dataplane-mode': 'none',
            'sidecar.istio.io/inject': 'false',
          },
        },
        spec: {
          containers: [discovery(settings)],
          serviceAccountName: 'istiod',
          tolerations: [{ key: 'cni.istio.io/not-ready', operator: 'Exists' }],
          volumes: [
            { name: 'local-certs', emptyDir: { medium: 'Memory' } },
            tokenVolume,
            ...Object.entries(secrets).map(([name, [secretName]]) => ({
              name,
              secret: { optional: true, secretName },
            })),
            { name: caMap, configMap: { defaultMode: 420, name: 'istio-ca-root-cert', optional: true } },
          ],
        },
      },
    },
  };
}

/** Volume → secret and where it is mounted. All are optional: they bring certificates of somebody else's. */
const secrets: Record<string, [secret: string, path: string]> = {
  cacerts: ['cacerts', '/etc/cacerts'],
  'istio-kubeconfig': ['istio-kubeconfig', '/var/run/secrets/remote'],
  'istio-csr-dns-cert': ['istiod-tls', '/var/run/secrets/istiod/tls'],
};
const caMap = 'istio-csr-ca-configmap';

function discovery({ values, namespace }: InstallSettings) {
  const policy = textAt(values, 'global.imagePullPolicy');
  const readOnly = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true });
  const port = (name: string, containerPort: number) => ({ name, containerPort, protocol: 'TCP' });
  const extra = Object.entries(at(values, 'pilot.env') ?? {}).map(([name, value]) => plain(name, String(value)));
  return {
    name: 'discovery',
    image: image(values, 'pilot'),
    ...(policy ? { imagePullPolicy: policy } : {}),
    args: [
      'discovery',
      '--monitoringAddr=:15014',
      `--log_output_level=${textAt(values, 'global.logging.level')}`,
      ...['--domain', textAt(values, 'global.proxy.clusterDomain')],
      ...['--keepaliveMaxServerConnectionAge', '30m'],
    ],
    env: [
      ...extra,
      plain('REVISION', 'default'),
      plain('PILOT_CERT_PROVIDER', 'istiod'),
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      plain('KUBECONFIG', '/var/run/secrets/remote/config'),
      plain('CA_TRUSTED_NODE_ACCOUNTS', `${namespace}/ztunnel`),
      plain('PILOT_TRACE_SAMPLING', textAt(values, 'pilot.traceSampling')),
      plain('PILOT_ENABLE_ANALYSIS', 'false'),
      plain('CLUSTER_ID', textAt(values, 'global.multiCluster.clusterName') || 'Kubernetes'),
      fromLimit('GOMAXPROCS', 'cpu'),
      plain('PLATFORM', ''),
    ],
    ports: [
      port('http-debug', 8080),
      port('grpc-xds', 15010),
      port('tls-xds', 15012),
      port('https-webhooks', 15017),
      port('http-monitoring', 15014),
    ],
    readinessProbe: {
      httpGet: { path: '/ready', port: 8080 },
      initialDelaySeconds: 1,
      periodSeconds: 3,
      timeoutSeconds: 5,
    },
    resources: at(values, 'pilot.resources'),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    volumeMounts: [
      readOnly('istio-token', '/var/run/secrets/tokens'),
      { name: 'local-certs', mountPath: '/var/run/secrets/istio-dns' },
      ...Object.entries(secrets).map(([name, [, path]]) => readOnly(name, path)),
      readOnly(caMap, '/var/run/secrets/istiod/ca'),
    ],
  };
}

export function image(values: InstallSettings['values'], program: string): string {
  const variant = textAt(values, 'global.variant');
  return `${textAt(values, 'global.hub')}/${program}:${textAt(values, 'global.tag')}${variant ? `-${variant}` : ''}`;
}
