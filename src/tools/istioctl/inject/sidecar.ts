// The outcome of the template `sidecar`: istio-init and istio-proxy beside the application.
import type { InjectionConfiguration } from './configuration.ts';
import {
  annotationOr,
  canonicalLabels,
  certificateMounts,
  commonAnnotations,
  crlMount,
  crlVolume,
  type Overlay,
  proxyArguments,
  proxyImage,
  proxyPort,
  proxyResources,
  proxyVolumes,
  stateMounts,
} from './overlay.ts';
import type { Container, PodObject } from './pod-shape.ts';
import { applications, proxyEnvironment } from './proxy-environment.ts';

export function sidecarOverlay(pod: PodObject, namespace: string, configuration: InjectionConfiguration): Overlay {
  const native = isNative(pod, configuration);
  const proxy = proxyContainer(pod, namespace, configuration, native);
  const init = interception(pod) === 'NONE' ? [] : [initContainer(pod, configuration)];
  return {
    labels: {
      'security.istio.io/tlsMode': pod.metadata.labels?.['security.istio.io/tlsMode'] || 'istio',
      ...canonicalLabels(pod),
    },
    annotations: commonAnnotations(pod, configuration, applications(pod)[0]?.name),
    initContainers: native ? [...init, proxy] : init,
    containers: native ? [] : [proxy],
    volumes: [...proxyVolumes(configuration.values.tokenAudience), crlVolume],
  };
}

function isNative(pod: PodObject, configuration: InjectionConfiguration): boolean {
  return annotationOr(pod, 'sidecar.istio.io/nativeSidecar', String(configuration.nativeSidecars)) !== 'false';
}

const interception = (pod: PodObject) => annotationOr(pod, 'sidecar.istio.io/interceptionMode', 'REDIRECT');

function initContainer(pod: PodObject, configuration: InjectionConfiguration): Container {
  const { values } = configuration;
  const traffic = (name: string, otherwise: string) => annotationOr(pod, `traffic.sidecar.istio.io/${name}`, otherwise);
  const includedOut = traffic('includeOutboundPorts', values.proxy.includeOutboundPorts);
  const excludedOut = traffic('excludeOutboundPorts', values.proxy.excludeOutboundPorts);
  return {
    name: 'istio-init',
    image: proxyImage(pod, configuration, values.proxy.initImage),
    args: [
      'istio-iptables',
      ...['-p', '15001', '-z', '15006', '-u', '1337', '-m', interception(pod)],
      ...['-i', traffic('includeOutboundIPRanges', values.proxy.includeIPRanges)],
      ...['-x', traffic('excludeOutboundIPRanges', values.proxy.excludeIPRanges)],
      ...['-b', traffic('includeInboundPorts', values.proxy.includeInboundPorts)],
      ...['-d', excludedInbound(pod, configuration)],
      ...(includedOut ? ['-q', includedOut] : []),
      ...(excludedOut ? ['-o', excludedOut] : []),
      `--log_output_level=${annotationOr(pod, 'sidecar.istio.io/agentLogLevel', values.logLevel)}`,
    ],
    ...(values.imagePullPolicy ? { imagePullPolicy: values.imagePullPolicy } : {}),
    resources: proxyResources(pod, configuration),
    securityContext: {
      allowPrivilegeEscalation: values.proxy.privileged,
      privileged: values.proxy.privileged,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      readOnlyRootFilesystem: false,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
    },
  };
}

/** The agent's own ports never pass through Envoy; the status port is added once. */
function excludedInbound(pod: PodObject, { values }: InjectionConfiguration): string {
  const status = annotationOr(pod, 'status.sidecar.istio.io/port', String(values.proxy.statusPort));
  const wished = annotationOr(pod, 'traffic.sidecar.istio.io/excludeInboundPorts', values.proxy.excludeInboundPorts);
  const ports = wished
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean);
  if (status !== '0' && !ports.includes(status)) ports.push(status);
  return ['15090', '15021', ...ports].join(',');
}

function proxyContainer(
  pod: PodObject,
  namespace: string,
  configuration: InjectionConfiguration,
  native: boolean,
): Container {
  const { values } = configuration;
  const lifecycle = proxyLifecycle(pod, configuration, native);
  const capNetBind = annotationOr(pod, 'sidecar.istio.io/capNetBindService', 'false') === 'true';
  const user = capNetBind ? { runAsNonRoot: false, runAsUser: 0 } : { runAsNonRoot: true, runAsUser: 1337 };
  return {
    name: 'istio-proxy',
    image: proxyImage(pod, configuration, values.proxy.image),
    ...(native ? { restartPolicy: 'Always' } : {}),
    ports: [proxyPort],
    args: proxyArguments(pod, 'sidecar', configuration),
    ...(lifecycle ? { lifecycle } : {}),
    env: proxyEnvironment(pod, namespace, configuration, 'sidecar'),
    ...(values.imagePullPolicy ? { imagePullPolicy: values.imagePullPolicy } : {}),
    ...proxyProbes(pod, configuration),
    securityContext: {
      allowPrivilegeEscalation: values.proxy.privileged,
      capabilities: { ...(capNetBind ? { add: ['NET_BIND_SERVICE'] } : {}), drop: ['ALL'] },
      privileged: values.proxy.privileged,
      readOnlyRootFilesystem: true,
      ...user,
      runAsGroup: 1337,
    },
    resources: proxyResources(pod, configuration),
    volumeMounts: [...certificateMounts, crlMount, ...stateMounts],
  };
}

function proxyLifecycle(pod: PodObject, { values }: InjectionConfiguration, native: boolean) {
  const exec = (...command: string[]) => ({ exec: { command } });
  const status = annotationOr(pod, 'status.sidecar.istio.io/port', String(values.proxy.statusPort));
  if (native) return { preStop: exec('pilot-agent', 'request', `--debug-port=${status}`, 'POST', 'drain') };
  if (values.proxy.holdApplicationUntilProxyStarts) return { postStart: exec('pilot-agent', 'wait') };
  return undefined;
}

function proxyProbes(pod: PodObject, { values }: InjectionConfiguration): Partial<Container> {
  if (annotationOr(pod, 'status.sidecar.istio.io/port', '') === '0') return {};
  const { readiness, startupFailureThreshold } = values.proxy;
  const httpGet = { path: '/healthz/ready', port: 15021 };
  const seconds = (name: string, otherwise: number) =>
    Number(annotationOr(pod, `readiness.status.sidecar.istio.io/${name}`, String(otherwise)));
  const initialDelaySeconds = seconds('initialDelaySeconds', readiness.initialDelaySeconds);
  return {
    ...(startupFailureThreshold === undefined
      ? {}
      : {
          startupProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 3, failureThreshold: startupFailureThreshold },
        }),
    readinessProbe: {
      httpGet: { ...httpGet },
      ...(initialDelaySeconds ? { initialDelaySeconds } : {}),
      periodSeconds: seconds('periodSeconds', readiness.periodSeconds),
      timeoutSeconds: 3,
      failureThreshold: seconds('failureThreshold', readiness.failureThreshold),
    },
  };
}
