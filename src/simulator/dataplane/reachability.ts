// What a connection can reach. The simulated cluster talks to nobody outside: what is not in it is an address that never
// answers.
import { CallError, type Clock } from '../contract.ts';
import { type Peer, pause } from './hop.ts';

/** A TLS greeting was answered with something else. */
export class NotTls extends CallError {
  constructor() {
    super('reset', 'TLS_error: wrong version number');
  }
}

/** Linux gives up a connection that nobody answers after this time. */
const SYSTEM_CONNECT_TIMEOUT = 127_000;

/** Cluster networks are private ones; whatever else is an address, or a name, of the world outside. */
export function isOutside(address: string): boolean {
  return !/^(?:10|127)\./.test(address);
}

/** A connection to an address that never answers. Rejects after the system's time, or when the client goes. */
export async function neverAnswers(clock: Clock, address: string, peer: Peer): Promise<never> {
  await pause(clock, peer.connectTimeout ?? SYSTEM_CONNECT_TIMEOUT, (cut) => peer.hangup.watch(cut));
  throw new CallError('timeout', `dial tcp ${address}: i/o timeout`);
}
