// A request that leaves a pod: name resolution, the pod's sidecar when it has one, and the way to the other pod.
import { hostOf, portOf } from '../../mesh/host-names.ts';
import type { MeshService, ServiceIndex } from '../../mesh/services.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import { byteLength, requestId } from './headers.ts';
import { askProgram, ephemeralPort, type HopContext, log, refused } from './hop.ts';
import { sendOutbound } from './outbound.ts';
import { handlerOn, type RunningPod } from './running-pods.ts';

/** Where a connection was going before any proxy took it. */
interface Target {
  host: string;
  port: number;
  /** Undefined when the host is a pod's address. */
  service: MeshService | undefined;
}

export async function callFromPod(
  context: HopContext,
  services: ServiceIndex,
  pod: RunningPod,
  request: HttpRequest,
): Promise<HttpReply> {
  const written = request.connectTo ?? request.authority;
  const host = hostOf(written);
  const port = portOf(written) ?? 80;
  if (host === 'localhost' || host.startsWith('127.')) return callSelf(context, pod, port, request);
  const target = { host, port, service: resolve(services, host, pod.pod.metadata.namespace ?? 'default') };
  if (pod.role === 'sidecar') return throughSidecar(context, services, pod, request, target);
  return plainly(context, services, pod, request, target);
}

/** Sidecars are not asked for names: what the cluster's DNS does not know cannot be called, mesh or no mesh. */
function resolve(services: ServiceIndex, host: string, namespace: string): MeshService | undefined {
  const service = services.find(host, namespace);
  if (service && service.type !== 'ExternalName') return service;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return undefined;
  throw new CallError('dns', `Could not resolve host: ${host}`);
}

async function callSelf(context: HopContext, pod: RunningPod, port: number, request: HttpRequest): Promise<HttpReply> {
  const handler = handlerOn(pod, port);
  if (!handler) throw refused('127.0.0.1', port);
  return askProgram(handler, request, context.clock.now);
}

async function throughSidecar(
  context: HopContext,
  services: ServiceIndex,
  pod: RunningPod,
  request: HttpRequest,
  target: Target,
): Promise<HttpReply> {
  const { method, path, authority, body } = request;
  const { port } = target;
  const headers = { ...request.headers };
  headers['x-forwarded-proto'] ??= 'http';
  headers['x-request-id'] ??= requestId(context.random);
  const { outcome } = context.engine().decide(pod.proxy, { authority, port, method, path, headers }, context.chance);
  switch (outcome.kind) {
    case 'refused':
      throw refused(target.host, port);
    case 'passthrough':
      return passThrough(context, services, pod, request, target);
    default: {
      const own: HttpRequest = { method, path, authority, headers, ...(body !== undefined && { body }) };
      const downstream = {
        localAddress: `${target.service?.clusterIP ?? target.host}:${port}`,
        remoteAddress: `${pod.address}:${ephemeralPort(context.random)}`,
      };
      return sendOutbound(context, pod, own, outcome, downstream);
    }
  }
}

/** The sidecar copies bytes: no header changes, and a connection's line in the log. */
async function passThrough(
  context: HopContext,
  services: ServiceIndex,
  pod: RunningPod,
  request: HttpRequest,
  target: Target,
): Promise<HttpReply> {
  const start = context.clock.now();
  const entry = (bytesSent: number, flags: readonly string[]) => ({
    start,
    request: undefined,
    status: 0,
    flags,
    bytesReceived: byteLength(request.body),
    bytesSent,
    duration: context.clock.now() - start,
    upstreamHost: `${target.service?.clusterIP ?? target.host}:${target.port}`,
    cluster: 'PassthroughCluster',
    downstreamLocal: `${target.service?.clusterIP ?? target.host}:${target.port}`,
    downstreamRemote: `${pod.address}:${ephemeralPort(context.random)}`,
    route: '-',
  });
  try {
    const reply = await plainly(context, services, pod, request, target);
    log(context, pod, () => entry(byteLength(reply.body), []));
    return reply;
  } catch (error) {
    log(context, pod, () => entry(0, ['UF', 'URX']));
    // The sidecar had already accepted the connection, so the client sees it closed, not refused.
    if (error instanceof CallError && error.failure === 'refused') {
      throw new CallError('reset', `${target.host}:${target.port}: empty reply from server`);
    }
    throw error;
  }
}

/** As kube-proxy does it: one of the Service's ready pods at random. */
async function plainly(
  context: HopContext,
  services: ServiceIndex,
  pod: RunningPod,
  request: HttpRequest,
  { host, port, service }: Target,
): Promise<HttpReply> {
  const peer = { address: pod.address, port: ephemeralPort(context.random) };
  if (!service) return context.deliver(host, port, request, peer);
  const endpoints = services.endpoints(service, port);
  const chosen = endpoints[Math.floor(context.random() * endpoints.length)]?.endpoint;
  if (!chosen) throw refused(service.clusterIP ?? host, port);
  return context.deliver(chosen.address, chosen.port, request, { ...peer, service: `${service.host}:${port}` });
}
