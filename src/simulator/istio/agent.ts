// The image proxyv2: `istio-iptables` in the init container, otherwise pilot-agent with Envoy. What Envoy does to
// requests is the data plane's; here are the agent's own ports and Envoy's admin page.

import {
  CallError,
  type ContainerContext,
  type HttpReply,
  type HttpRequest,
  type RunningContainer,
} from '../contract.ts';
import { createEnvoyAdmin } from './admin/envoy-admin.ts';
import { pilotAgent } from './admin/pilot-agent.ts';
import { applicationMetrics } from './stats/application-metrics.ts';
import { proxyExposition } from './stats/proxy-exposition.ts';

export function agent(context: ContainerContext): RunningContainer {
  if (context.containerName === 'istio-init' || context.containerName === 'istio-validation') return { ports: {} };
  context.log(`${stamp(context)}\tinfo\tEnvoy proxy is ready`);
  let drained = false;
  const admin = createEnvoyAdmin(context, () => {
    drained = true;
  });
  const metrics = proxyExposition(context, context.clock.now());
  return {
    ports: {
      15000: admin,
      15020: (request) => statusServer(context, request, metrics),
      // Envoy's own listener, which forwards to the agent: it goes with the others.
      15021: (request) => {
        if (drained) throw new CallError('refused', 'connection refused');
        return pathOf(request) === '/healthz/ready' ? empty(200) : empty(404);
      },
      15090: (request) => (pathOf(request) === '/stats/prometheus' ? exposition(metrics()) : empty(404)),
    },
    programs: { 'pilot-agent': pilotAgent(context.image, admin) },
    isDrained: () => drained,
  };
}

/** Serves readiness, and asks the application's probes in the kubelet's place: see ISTIO_KUBE_APP_PROBERS. */
function statusServer(
  context: ContainerContext,
  request: HttpRequest,
  metrics: () => string,
): HttpReply | Promise<HttpReply> {
  const path = pathOf(request);
  if (path === '/healthz/ready') return empty(200);
  if (path === '/stats/prometheus') {
    return applicationMetrics(context).then((application) => exposition(metrics() + application));
  }
  const probe = applicationProbes(context)[path];
  if (!probe) return empty(404);
  if (probe.httpGet) {
    const { path: target = '/', port } = probe.httpGet;
    const call = { ...request, path: target, authority: `localhost:${port}` };
    return context.local?.(port, call) ?? empty(500);
  }
  // A TCP probe is answered by whoever listens; gRPC has no program behind it here.
  if (!probe.tcpSocket) return empty(200);
  const listening = context.local?.(probe.tcpSocket.port, { ...request, path: '/', authority: 'localhost' });
  if (listening instanceof Promise) listening.catch(() => {});
  return empty(listening === undefined ? 500 : 200);
}

interface ApplicationProbe {
  httpGet?: { path?: string; port: number };
  tcpSocket?: { port: number };
}

function applicationProbes(context: ContainerContext): Record<string, ApplicationProbe> {
  try {
    return JSON.parse(context.env.ISTIO_KUBE_APP_PROBERS ?? '{}') as Record<string, ApplicationProbe>;
  } catch {
    return {};
  }
}

const pathOf = (request: HttpRequest) => request.path.split('?')[0] ?? '';
const exposition = (body: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  body,
});
const empty = (status: number): HttpReply => ({ status, headers: { 'content-length': '0' }, body: '' });
const stamp = ({ clock }: ContainerContext) => new Date(clock.now()).toISOString();
