// Which headers of a request still travel one call further in: applications hand on those of tracing and identity, and no
// others (istio-hechos §9.3). A guess about programs that are not ours: traffic has the last word.
import type { EntryRequest } from './prediction.ts';

const handedOn = new Set([
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'x-ot-span-context',
  'traceparent',
  'tracestate',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
]);

/** Lower-case names. `end-user` is what Bookinfo makes of whoever has logged in; one that the client writes is dropped. */
export function headersBehind({ headers, session }: EntryRequest): Record<string, string> {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => handedOn.has(name));
  const user = session && new URLSearchParams(session.path.split('?')[1]).get('username');
  return { ...Object.fromEntries(kept), ...(user ? { 'end-user': user } : {}) };
}
