// The environment of an injected istio-proxy container.
import type { InjectionConfiguration } from './configuration.ts';
import type { EnvironmentVariable, PodObject } from './pod-shape.ts';
import { proxyMetadata } from './proxy-config.ts';
import { workloadOwner } from './workload-owner.ts';

export function proxyEnvironment(
  pod: PodObject,
  namespace: string,
  configuration: InjectionConfiguration,
  mode: 'sidecar' | 'gateway',
): EnvironmentVariable[] {
  const { values, mesh } = configuration;
  const owner = workloadOwner(pod);
  const workload = (mode === 'sidecar' && pod.metadata.labels?.['service.istio.io/workload-name']) || owner.name;
  const apps = applications(pod);
  const interception =
    (mode === 'sidecar' && pod.metadata.annotations?.['sidecar.istio.io/interceptionMode']) || 'REDIRECT';
  const named = (name: string, value: string): EnvironmentVariable[] => (value ? [{ name, value }] : []);
  const appContainers = { name: 'ISTIO_META_APP_CONTAINERS', value: apps.map((c) => c.name).join(',') };
  const limits = [fromResource('GOMEMLIMIT', 'limits.memory'), fromResource('GOMAXPROCS', 'limits.cpu')];
  return [
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: values.caAddress || discoveryAddress(configuration) },
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    fromField('INSTANCE_IP', 'status.podIP'),
    fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    fromField('HOST_IP', 'status.hostIP'),
    fromResource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    { name: 'PROXY_CONFIG', value: `${JSON.stringify(mesh.proxyConfig)}\n` },
    { name: 'ISTIO_META_POD_PORTS', value: podPorts(apps) },
    ...(mode === 'sidecar' ? [appContainers, ...limits] : [...limits, appContainers]),
    { name: 'ISTIO_META_CLUSTER_ID', value: values.clusterName },
    fromField('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: interception },
    ...named('ISTIO_META_NETWORK', values.network),
    ...named('ISTIO_META_WORKLOAD_NAME', workload),
    ...named(
      'ISTIO_META_OWNER',
      owner.name &&
        `kubernetes://apis/${owner.apiVersion}/namespaces/${namespace}/${owner.kind.toLowerCase()}s/${owner.name}`,
    ),
    { name: 'ISTIO_META_MESH_ID', value: values.meshId || mesh.trustDomain },
    { name: 'TRUST_DOMAIN', value: mesh.trustDomain },
    ...proxyMetadata(configuration).map(([name, value]) => ({ name, value })),
  ];
}

/** The containers that are not Istio's. */
export const applications = (pod: PodObject) => (pod.spec?.containers ?? []).filter((c) => c.name !== 'istio-proxy');

function discoveryAddress({ revision, values }: InjectionConfiguration): string {
  const suffix = revision === 'default' ? '' : `-${revision}`;
  return `istiod${suffix}.${values.istioNamespace}.svc:15012`;
}

function podPorts(containers: ReturnType<typeof applications>): string {
  const ports = containers.flatMap((c) => c.ports ?? []).map((p) => JSON.stringify(inGoOrder(p)));
  return ports.length === 0 ? '[\n]' : `[\n    ${ports.join('\n    ,')}\n]`;
}

/** Go prints the fields of a port in the order of its type. */
function inGoOrder(port: { name?: string; hostPort?: number; containerPort: number; protocol?: string }) {
  const { name, hostPort, containerPort, protocol } = port;
  return { name, hostPort, containerPort, protocol };
}

const fromField = (name: string, fieldPath: string): EnvironmentVariable => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

const fromResource = (name: string, resource: string): EnvironmentVariable => ({
  name,
  valueFrom: { resourceFieldRef: { divisor: '1', resource } },
});
