// The way from a sidecar to its program, where the configuration limits it: a place in the pool of connections, or none.
import type { Endpoint } from '../../mesh/decision.ts';
import type { InboundTarget } from '../../mesh/inbound-ports.ts';
import type { Slot } from '../../mesh/upstream/proxy-memory.ts';
import type { HopContext } from './hop.ts';
import type { RunningPod } from './running-pods.ts';

export interface InboundSlot {
  /** Resolves false when the limits allow no connection, or `leave` was called. */
  ready(): Promise<boolean>;
  /** The program answered with this, or failed. */
  release(end: number | 'failed'): void;
  /** The client is gone. */
  leave(): void;
}

/** How long it takes to open a connection, where limits make that matter. Milliseconds. */
const CONNECTION_TIME = 1;

/** Undefined: nothing is limited. */
export function takeSlot(
  { clock }: HopContext,
  pod: RunningPod,
  { cluster, limits, port, tcp, loopback }: InboundTarget,
): InboundSlot | undefined {
  if (!limits || port === undefined) return undefined;
  const { namespace = 'default', name } = pod.pod.metadata;
  const address = loopback ? '127.0.0.1' : pod.address;
  const program: Endpoint = { address, port, namespace, pod: name, sidecar: false };
  const towards = { cluster, upstream: limits, candidates: [program], ...(tcp && { tcp: true as const }) };
  const slot = pod.chance.begin(towards, program);
  let wake: (() => void) | undefined;
  let left = false;

  const until = (begin: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      begin(resolve);
    });

  return {
    async ready() {
      if (isWaiting(slot)) await until((done) => slot.whenItsTurn(done));
      if (!left && slot.state === 'connecting') {
        await until((done) => void clock.after(CONNECTION_TIME, done));
        if (!left) slot.connected();
      }
      return !left && slot.state === 'ready';
    },
    release: (end) => slot.release(end),
    leave() {
      left = true;
      slot.release('cancelled');
      wake?.();
    },
  };
}

/** Asked anew after each step: its state changes meanwhile. */
function isWaiting({ state }: Slot): boolean {
  return state === 'waiting';
}
