// The outcome of the template `gateway`: the pod's own container istio-proxy (image `auto`) becomes an Envoy.
import type { InjectionConfiguration } from './configuration.ts';
import {
  canonicalLabels,
  certificateMounts,
  commonAnnotations,
  type Overlay,
  proxyArguments,
  proxyImage,
  proxyPort,
  proxyVolumes,
  stateMounts,
} from './overlay.ts';
import type { PodObject } from './pod-shape.ts';
import { applications, proxyEnvironment } from './proxy-environment.ts';

export function gatewayOverlay(pod: PodObject, namespace: string, configuration: InjectionConfiguration): Overlay {
  const { values } = configuration;
  const { readiness } = values.proxy;
  return {
    labels: canonicalLabels(pod),
    annotations: commonAnnotations(pod, configuration, applications(pod)[0]?.name),
    initContainers: [],
    containers: [
      {
        name: 'istio-proxy',
        image: proxyImage(pod, configuration, values.proxy.image),
        ports: [proxyPort],
        args: proxyArguments(pod, 'router', configuration),
        securityContext: { runAsUser: 1337, runAsGroup: 1337 },
        env: proxyEnvironment(pod, namespace, configuration, 'gateway'),
        ...(values.imagePullPolicy ? { imagePullPolicy: values.imagePullPolicy } : {}),
        readinessProbe: {
          httpGet: { path: '/healthz/ready', port: 15021 },
          ...(readiness.initialDelaySeconds ? { initialDelaySeconds: readiness.initialDelaySeconds } : {}),
          periodSeconds: readiness.periodSeconds,
          timeoutSeconds: 3,
          failureThreshold: readiness.failureThreshold,
        },
        volumeMounts: [...certificateMounts, ...stateMounts],
      },
    ],
    volumes: proxyVolumes(values.tokenAudience),
    securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
  };
}
