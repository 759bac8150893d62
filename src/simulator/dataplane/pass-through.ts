// What a sidecar does with connections that no rule of the mesh knows: it copies their bytes, or closes them.
import type { Forward } from '../../mesh/decision.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import type { ProxyRecord } from '../traffic.ts';
import { Hangup } from './hangup.ts';
import { wireSize } from './headers.ts';
import { ephemeralPort, type HopContext, type Peer, reset } from './hop.ts';
import { sendOutbound } from './outbound.ts';
import type { Downstream } from './outbound-hop.ts';
import type { RunningPod } from './running-pods.ts';
import type { Target } from './target.ts';

const PASSTHROUGH = 'PassthroughCluster';

/** Istio's for clusters that say nothing else. */
const CONNECT_TIMEOUT = 10_000;

/** No header changes, and a connection's line in the log. */
export async function passThrough(
  context: HopContext,
  pod: RunningPod,
  request: HttpRequest,
  target: Target,
  downstream: Downstream,
  connect: (peer: Peer) => Promise<HttpReply>,
): Promise<HttpReply> {
  const start = context.now();
  const next = new Hangup();
  const peer: Peer = { address: pod.address, port: ephemeralPort(context.random), hangup: next, pod: pod.pod };
  peer.connectTimeout = CONNECT_TIMEOUT;
  let ended = false;
  const end = (ending: Partial<ProxyRecord>) => {
    if (ended) return;
    ended = true;
    downstream.hangup.forget();
    const record = connectionRecord(context, pod, target, downstream, start);
    context.telemetry.record(Object.assign(record, ending));
  };
  downstream.hangup.watch(() => {
    end({});
    next.end();
  });
  try {
    const reply = await connect(peer);
    end({
      bytesReceived: wireSize(
        `${request.method} ${request.path} HTTP/1.1 Host: ${request.authority}`,
        request.headers,
        request.body,
      ),
      bytesSent: wireSize(`HTTP/1.1 ${reply.status} OK`, reply.headers, reply.body),
      upstreamLocal: `${peer.address}:${peer.port}`,
    });
    return reply;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.failure === 'reset') end({ upstreamLocal: `${peer.address}:${peer.port}` });
    const why = error.failure === 'refused' ? { transportFailure: 'delayed_connect_error:_Connection_refused' } : {};
    end({ flags: ['UF', 'URX'], ...why });
    // The sidecar had already accepted the connection, so the client sees it closed, not refused.
    throw new CallError('reset', `${target.host}:${target.port}: empty reply from server`);
  }
}

/** Where the proxy reads HTTP it tells it as HTTP, though it knows nothing of where it goes. */
export async function passHttp(
  context: HopContext,
  pod: RunningPod,
  request: HttpRequest,
  { host, port, service }: Target,
  downstream: Downstream,
): Promise<HttpReply> {
  const address = service?.clusterIP ?? host;
  const endpoint = { address, port, namespace: '', pod: '', sidecar: false };
  const { method, path, authority, headers, body } = request;
  const own: HttpRequest = { method, path, authority, headers, ...(body !== undefined && { body }) };
  const outcome: Forward = {
    kind: 'forward',
    cluster: PASSTHROUGH,
    route: 'allow_any',
    service: { namespace: '', name: PASSTHROUGH, port },
    endpoint,
    candidates: [endpoint],
  };
  return sendOutbound(context, pod, own, outcome, downstream);
}

/** No cluster takes the connection: it is closed after it was accepted. Returns what the client notices. */
export function blackHole(context: HopContext, pod: RunningPod, target: Target, downstream: Downstream): CallError {
  const record = connectionRecord(context, pod, target, downstream, context.now());
  delete record.upstreamHost;
  context.telemetry.record({ ...record, flags: ['UH'], cluster: 'BlackHoleCluster' });
  return reset(target.host, target.port);
}

function connectionRecord(
  context: HopContext,
  pod: RunningPod,
  target: Target,
  downstream: Downstream,
  start: number,
): ProxyRecord {
  return {
    reporter: 'source',
    role: 'sidecar',
    pod: pod.pod,
    protocol: 'tcp',
    start,
    duration: Math.max(0, context.now() - start),
    status: 0,
    flags: [],
    bytesReceived: 0,
    bytesSent: 0,
    upstreamHost: `${target.service?.clusterIP ?? target.host}:${target.port}`,
    cluster: PASSTHROUGH,
    downstreamLocal: downstream.localAddress,
    downstreamRemote: downstream.remoteAddress,
    route: '-',
    mtls: false,
  };
}
