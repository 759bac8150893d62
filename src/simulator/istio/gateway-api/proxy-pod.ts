// The pod of a Gateway's proxy, as istiod's template kube-gateway makes it.
import type { InjectionConfiguration } from '../../../tools/istioctl/inject/configuration.ts';
import { proxyImage, proxyResources, proxyVolumes } from '../../../tools/istioctl/inject/overlay.ts';
import type { PodObject } from '../../../tools/istioctl/inject/pod-shape.ts';

export interface ProxyPod {
  /** Of the Deployment. */
  name: string;
  namespace: string;
  serviceAccount: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export function proxyPodTemplate(pod: ProxyPod, configuration: InjectionConfiguration) {
  const { name, serviceAccount, labels, annotations } = pod;
  const { values, revision } = configuration;
  const plain: PodObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
  return {
    metadata: {
      annotations: {
        ...annotations,
        'istio.io/rev': revision,
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
      },
      labels: {
        'sidecar.istio.io/inject': 'false',
        'service.istio.io/canonical-name': name,
        'service.istio.io/canonical-revision': 'latest',
        ...labels,
      },
    },
    spec: {
      securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
      serviceAccountName: serviceAccount,
      containers: [
        {
          name: 'istio-proxy',
          image: proxyImage(plain, configuration, values.proxy.image),
          ...(values.imagePullPolicy && { imagePullPolicy: values.imagePullPolicy }),
          ports: PORTS,
          args: [
            ...['proxy', 'router', '--domain', `$(POD_NAMESPACE).svc.${values.proxy.clusterDomain}`],
            ...['--proxyLogLevel', values.proxy.logLevel],
            ...['--proxyComponentLogLevel', values.proxy.componentLogLevel],
            ...['--log_output_level', values.logLevel],
          ],
          resources: proxyResources(plain, configuration),
          securityContext: SECURITY,
          env: environment(pod, configuration),
          startupProbe: {
            ...READINESS,
            failureThreshold: 30,
            initialDelaySeconds: 1,
            periodSeconds: 1,
            timeoutSeconds: 1,
          },
          readinessProbe: { ...READINESS, failureThreshold: 4, periodSeconds: 15, timeoutSeconds: 1 },
          volumeMounts: MOUNTS,
        },
      ],
      volumes: proxyVolumes(values.tokenAudience),
      ...(values.imagePullSecrets.length > 0 && {
        imagePullSecrets: values.imagePullSecrets.map((secret) => ({ name: secret })),
      }),
    },
  };
}

const PORTS = [
  { containerPort: 15020, name: 'metrics', protocol: 'TCP' },
  { containerPort: 15021, name: 'status-port', protocol: 'TCP' },
  { containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' },
];

const READINESS = { httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' }, successThreshold: 1 };

const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsGroup: 1337,
  runAsNonRoot: true,
  runAsUser: 1337,
};

const MOUNTS = [
  { mountPath: '/var/run/secrets/workload-spiffe-uds', name: 'workload-socket' },
  { mountPath: '/var/run/secrets/credential-uds', name: 'credential-socket' },
  { mountPath: '/var/run/secrets/workload-spiffe-credentials', name: 'workload-certs' },
  { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
  { mountPath: '/var/lib/istio/data', name: 'istio-data' },
  { mountPath: '/etc/istio/proxy', name: 'istio-envoy' },
  { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
  { mountPath: '/etc/istio/pod', name: 'istio-podinfo' },
];

function environment({ name, namespace }: ProxyPod, { values, mesh, revision }: InjectionConfiguration) {
  const istiod = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  const owner = `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  return [
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: values.caAddress || `${istiod}.${values.istioNamespace}.svc:15012` },
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    fromField('INSTANCE_IP', 'status.podIP'),
    fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    fromField('HOST_IP', 'status.hostIP'),
    fromResource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    { name: 'PROXY_CONFIG', value: `${JSON.stringify(mesh.proxyConfig)}\n` },
    { name: 'ISTIO_META_POD_PORTS', value: '[]' },
    { name: 'ISTIO_META_APP_CONTAINERS' },
    fromResource('GOMEMLIMIT', 'limits.memory'),
    fromResource('GOMAXPROCS', 'limits.cpu'),
    { name: 'ISTIO_META_CLUSTER_ID', value: values.clusterName },
    fromField('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
    ...(values.network ? [{ name: 'ISTIO_META_NETWORK', value: values.network }] : []),
    { name: 'ISTIO_META_WORKLOAD_NAME', value: name },
    { name: 'ISTIO_META_OWNER', value: owner },
    { name: 'ISTIO_META_MESH_ID', value: values.meshId || mesh.trustDomain },
    { name: 'TRUST_DOMAIN', value: mesh.trustDomain },
  ];
}

const fromField = (name: string, fieldPath: string) => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

const fromResource = (name: string, resource: string) => ({
  name,
  valueFrom: { resourceFieldRef: { divisor: '1', resource } },
});
