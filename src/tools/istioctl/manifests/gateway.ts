// The ingress and egress gateways: an Envoy each, behind a Service.
import type { KubeObject } from '../../../mesh/objects.ts';
import { autoscaler } from './autoscaler.ts';
import { fromField, fromLimit, plain, tokenVolume } from './environment.ts';
import { image } from './istiod.ts';
import { type Component, chartLabels, componentLabels } from './labels.ts';
import { gatewayRbac } from './rbac.ts';
import { at, type InstallSettings, textAt } from './settings.ts';

export type Direction = 'ingress' | 'egress';

export function gateway(settings: InstallSettings, direction: Direction): KubeObject[] {
  const { namespace, values } = settings;
  const name = `istio-${direction}gateway`;
  const selector = { app: name, istio: `${direction}gateway` };
  const component: Component = direction === 'ingress' ? 'IngressGateways' : 'EgressGateways';
  const own = { ...chartLabels(`istio-${direction}`, name), ...componentLabels(component) };
  const labels = { ...own, ...selector };
  const scaled = at(values, `gateways.${name}.autoscaleEnabled`) === true;
  return [
    ...gatewayRbac(name, namespace, labels, own),
    deployment(settings, direction, labels),
    service(settings, name, labels, selector),
    ...(scaled ? [autoscaler(name, namespace, labels)] : []),
  ];
}

interface ServicePort {
  name: string;
  port: number;
  targetPort?: number;
  nodePort?: number;
}

function portsOf(values: InstallSettings['values'], name: string): ServicePort[] {
  const ports = at(values, `gateways.${name}.ports`);
  return Array.isArray(ports) ? (ports as ServicePort[]) : [];
}

function service(
  { namespace, values }: InstallSettings,
  name: string,
  labels: Record<string, string>,
  selector: Record<string, string>,
): KubeObject {
  const type = textAt(values, `gateways.${name}.type`);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: { ports: portsOf(values, name), selector, type },
  };
}

function deployment(settings: InstallSettings, direction: Direction, labels: Record<string, string>): KubeObject {
  const { namespace } = settings;
  const name = `istio-${direction}gateway`;
  const inject = { 'sidecar.istio.io/inject': 'false' };
  const dataplane = { 'istio.io/dataplane-mode': 'none' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { ...labels, ...dataplane } },
    spec: {
      selector: { matchLabels: { app: name, istio: `${direction}gateway` } },
      strategy: { rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } },
      template: {
        metadata: {
          annotations: {
            'istio.io/rev': 'default',
            'prometheus.io/path': '/stats/prometheus',
            'prometheus.io/port': '15020',
            'prometheus.io/scrape': 'true',
            ...inject,
          },
          labels: {
            ...labels,
            ...dataplane,
            ...inject,
            chart: 'gateways',
            heritage: 'Tiller',
            'service.istio.io/canonical-name': name,
            'service.istio.io/canonical-revision': 'latest',
          },
        },
        spec: {
          affinity: { nodeAffinity: {} },
          containers: [proxy(settings, direction)],
          securityContext: { runAsGroup: 1337, runAsNonRoot: true, runAsUser: 1337 },
          serviceAccountName: `${name}-service-account`,
          volumes: volumes(direction),
        },
      },
    },
  };
}

function proxy({ values, namespace }: InstallSettings, direction: Direction) {
  const name = `istio-${direction}gateway`;
  const domain = textAt(values, 'global.proxy.clusterDomain');
  const policy = textAt(values, 'global.imagePullPolicy');
  const targets = portsOf(values, name).map((p) => ({ containerPort: p.targetPort ?? p.port, protocol: 'TCP' }));
  return {
    name: 'istio-proxy',
    image: image(values, 'proxyv2'),
    ...(policy ? { imagePullPolicy: policy } : {}),
    args: [
      ...['proxy', 'router', '--domain', `$(POD_NAMESPACE).svc.${domain}`],
      `--proxyLogLevel=${textAt(values, 'global.proxy.logLevel')}`,
      `--proxyComponentLogLevel=${textAt(values, 'global.proxy.componentLogLevel')}`,
      `--log_output_level=${textAt(values, 'global.logging.level')}`,
    ],
    env: [
      plain('PILOT_CERT_PROVIDER', 'istiod'),
      plain('CA_ADDR', `istiod.${namespace}.svc:15012`),
      fromField('NODE_NAME', 'spec.nodeName'),
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('INSTANCE_IP', 'status.podIP'),
      fromField('HOST_IP', 'status.hostIP'),
      fromLimit('ISTIO_CPU_LIMIT', 'cpu'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      plain('ISTIO_META_WORKLOAD_NAME', name),
      plain('ISTIO_META_OWNER', `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name}`),
      plain('ISTIO_META_MESH_ID', domain),
      plain('TRUST_DOMAIN', domain),
      plain('ISTIO_META_UNPRIVILEGED_POD', 'true'),
      plain('ISTIO_META_CLUSTER_ID', textAt(values, 'global.multiCluster.clusterName') || 'Kubernetes'),
      fromField('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    ],
    ports: [...targets, { containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      failureThreshold: 30,
      initialDelaySeconds: 1,
      periodSeconds: 2,
      successThreshold: 1,
      timeoutSeconds: 1,
    },
    resources: { limits: at(values, 'global.proxy.resources.limits'), ...gatewayResources(values, name) },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
    volumeMounts: mounts(direction),
  };
}

const gatewayResources = (values: InstallSettings['values'], name: string) =>
  (at(values, `gateways.${name}.resources`) ?? {}) as Record<string, unknown>;

function mounts(direction: Direction) {
  const mount = (name: string, mountPath: string, readOnly = false) => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly } : {}),
  });
  return [
    mount('workload-socket', '/var/run/secrets/workload-spiffe-uds'),
    mount('credential-socket', '/var/run/secrets/credential-uds'),
    mount('workload-certs', '/var/run/secrets/workload-spiffe-credentials'),
    mount('istio-envoy', '/etc/istio/proxy'),
    mount('config-volume', '/etc/istio/config'),
    mount('istiod-ca-cert', '/var/run/secrets/istio'),
    mount('istio-token', '/var/run/secrets/tokens', true),
    mount('istio-data', '/var/lib/istio/data'),
    mount('podinfo', '/etc/istio/pod'),
    mount(`${direction}gateway-certs`, `/etc/istio/${direction}gateway-certs`, true),
    mount(`${direction}gateway-ca-certs`, `/etc/istio/${direction}gateway-ca-certs`, true),
  ];
}

function volumes(direction: Direction) {
  const empty = (name: string) => ({ name, emptyDir: {} });
  const secret = (kind: string) => ({
    name: `${direction}gateway-${kind}`,
    secret: { optional: true, secretName: `istio-${direction}gateway-${kind}` },
  });
  const field = (path: string) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } });
  return [
    empty('workload-socket'),
    empty('credential-socket'),
    empty('workload-certs'),
    { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } },
    { name: 'podinfo', downwardAPI: { items: [field('labels'), field('annotations')] } },
    empty('istio-envoy'),
    empty('istio-data'),
    tokenVolume,
    { name: 'config-volume', configMap: { name: 'istio', optional: true } },
    secret('certs'),
    secret('ca-certs'),
  ];
}
