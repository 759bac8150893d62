// What a proxy does with the trace headers of a request: goes on with the caller's trace or begins one, and decides whether it
// is kept. Later proxies find that decision in the request id and in the trace's own headers (test/fidelity: tracing-*).
import type { KubeObject } from '../../../mesh/objects.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import type { HopTrace, Telemetry } from '../../traffic.ts';
import { readContext, readDecision, writeContext } from './trace-context.ts';
import { createTracingPolicies, type FindTracingPolicy, type TracingPolicy } from './tracing-policy.ts';

export interface TracerOptions {
  random: () => number;
  /** Asked at each hop: another object after each push. */
  mesh(): PushedMesh;
}

export interface Tracer {
  trace: Telemetry['trace'];
  policyOf: FindTracingPolicy;
}

/** Envoy writes its decision into the request id: the first digit of the third group. */
const TRACE_DIGIT = 14;
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const [UNKEPT, CHOSEN, ASKED] = ['4', '9', 'b'] as const;
/** `a` is of a server that asks for it. */
const KEPT: ReadonlySet<string> = new Set([CHOSEN, 'a', ASKED]);

export function createTracer({ random, mesh }: TracerOptions): Tracer {
  let known: PushedMesh | undefined;
  let policies: FindTracingPolicy = () => undefined;

  function policyOf(pod: KubeObject, reporter: 'source' | 'destination'): TracingPolicy | undefined {
    const current = mesh();
    if (current !== known) {
      known = current;
      policies = createTracingPolicies(current);
    }
    return policies(pod, reporter);
  }

  return {
    policyOf,
    trace(pod, reporter, headers): HopTrace | undefined {
      const policy = policyOf(pod, reporter);
      if (!policy) {
        // Without a provider every request is chosen, and nobody is told.
        if (!isMarked(headers)) mark(headers, CHOSEN);
        return undefined;
      }
      const { propagation, sampling } = policy;
      const context = readContext(headers, propagation);
      const asked = headers['x-client-trace-id'] !== undefined;
      const decided = asked || isMarked(headers) || random() * 100 < sampling;
      // A W3C parent can only take away; B3 decides by itself.
      const sampled =
        propagation === 'w3c'
          ? decided && context?.sampled !== false
          : (context?.sampled ?? readDecision(headers, propagation) ?? decided);
      const hop: HopTrace = {
        traceId: context?.traceId ?? hex(random, 32),
        spanId: hex(random, 16),
        ...(context && { parentSpanId: context.spanId }),
        ...(isGateway(pod) && { upstreamSpanId: hex(random, 16) }),
        sampled,
      };
      mark(headers, decided ? (asked ? ASKED : CHOSEN) : UNKEPT);
      const { upstreamSpanId } = hop;
      const next = upstreamSpanId === undefined ? hop : { ...hop, spanId: upstreamSpanId, parentSpanId: hop.spanId };
      writeContext(headers, propagation, next);
      return hop;
    },
  };
}

/** Istio's own, and those that are made for Gateways of the Gateway API. */
function isGateway({ metadata: { labels = {} } }: KubeObject): boolean {
  return labels.istio?.endsWith('gateway') === true || labels['gateway.networking.k8s.io/gateway-name'] !== undefined;
}

function mark(headers: Record<string, string>, digit: string): void {
  const id = headers['x-request-id'];
  if (id === undefined || !REQUEST_ID.test(id)) return;
  headers['x-request-id'] = `${id.slice(0, TRACE_DIGIT)}${digit}${id.slice(TRACE_DIGIT + 1)}`;
}

function isMarked({ 'x-request-id': id }: Readonly<Record<string, string>>): boolean {
  return id !== undefined && REQUEST_ID.test(id) && KEPT.has(id.charAt(TRACE_DIGIT));
}

function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 0x1_0000)
      .toString(16)
      .padStart(4, '0');
  // All zeros means "no id".
  return /[^0]/.test(text) ? text : `${text.slice(1)}1`;
}
