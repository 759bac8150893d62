// With mutual TLS the kubelet cannot ask the application, so its probes go to the agent, which asks in its place.
import type { Container, Probe } from './pod-shape.ts';

const probeFields = { livenessProbe: 'livez', readinessProbe: 'readyz', startupProbe: 'startupz' } as const;

/** Points the probes of `containers` at the agent; returns what the agent must ask, keyed by the new path. */
export function rewriteProbes(containers: Container[], statusPort: number): Record<string, Probe> {
  const asked: Record<string, Probe> = {};
  for (const container of containers) {
    if (container.name === 'istio-proxy') continue;
    for (const [field, word] of entries(probeFields)) {
      const probe = container[field];
      if (!probe) continue;
      const original = originalProbe(probe, container);
      if (!original) continue;
      const path = `/app-health/${container.name}/${word}`;
      asked[path] = original;
      const { tcpSocket: _tcp, grpc: _grpc, httpGet, ...timing } = probe;
      container[field] = {
        ...timing,
        httpGet: { ...(httpGet ?? {}), path, port: statusPort, ...(httpGet?.scheme ? { scheme: 'HTTP' } : {}) },
      };
    }
  }
  return asked;
}

function originalProbe(probe: Probe, container: Container): Probe | undefined {
  const timeout = probe.timeoutSeconds === undefined ? {} : { timeoutSeconds: probe.timeoutSeconds };
  const numbered = (port: number | string) =>
    typeof port === 'number' ? port : (container.ports?.find((p) => p.name === port)?.containerPort ?? Number(port));
  if (probe.httpGet) return { httpGet: { ...probe.httpGet, port: numbered(probe.httpGet.port) }, ...timeout };
  if (probe.tcpSocket) return { tcpSocket: { ...probe.tcpSocket, port: numbered(probe.tcpSocket.port) }, ...timeout };
  if (probe.grpc) return { grpc: probe.grpc, ...timeout };
  return undefined;
}

const entries = <T extends object>(o: T) => Object.entries(o) as [keyof T, T[keyof T]][];
