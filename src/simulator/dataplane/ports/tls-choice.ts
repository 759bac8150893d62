// Which of a port's servers takes a TLS client: the most specific host that its server name fits.
import type { TlsServer } from '../../../mesh/engine.ts';

export function serverFor(servers: readonly TlsServer[], serverName: string | undefined): TlsServer | undefined {
  let best: TlsServer | undefined;
  let bestScore = -1;
  for (const server of servers) {
    for (const host of server.hosts) {
      const score = scoreOf(host.slice(host.indexOf('/') + 1), serverName);
      if (score > bestScore) [best, bestScore] = [server, score];
    }
  }
  return best;
}

/** -1: does not fit. */
function scoreOf(host: string, serverName: string | undefined): number {
  if (host === '*') return 0;
  if (serverName === undefined) return -1;
  const lower = host.toLowerCase();
  if (lower === serverName) return Number.POSITIVE_INFINITY;
  return lower.startsWith('*.') && serverName.endsWith(lower.slice(1)) ? lower.length : -1;
}
