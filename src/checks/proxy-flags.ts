// The response flags that a proxy wrote of one request, in its access log (istio-hechos §7).
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../cluster/contract.ts';
import { readPodLog } from '../cluster/pod-log.ts';
import type { FlagPattern } from '../labs/check-kinds/answer-fields.ts';
import { plainId, requestIds } from './access-lines.ts';

/** What a request carries to be found in logs. */
export interface RequestMark {
  id: string;
  /** In the user agent: a gateway may give the request another id, and agents travel as they are. */
  agent: string;
}

/** A proxy writes its log once a second. */
const flushing = 2_500;
const longestLine = 8_000;

/**
 * Flags of each line of the request in the pods' `istio-proxy`, in order; waits a little for the first. Rejects with
 * ClusterError.
 */
export async function readFlags(
  client: KubeClient,
  { namespace, selector }: Omit<FlagPattern, 'flags'>,
  mark: RequestMark,
  signal: AbortSignal,
): Promise<string[]> {
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector });
  const deadline = performance.now() + flushing;
  for (let pause = 40; ; pause *= 2) {
    const logs = await Promise.all(
      pods.map(({ metadata: { name } }) => readPodLog(client, { namespace, pod: name, container: 'istio-proxy' })),
    );
    const flags = logs.flatMap((lines) => lines.filter((line) => isOf(line, mark)).flatMap(flagsOf));
    if (flags.length > 0 || performance.now() >= deadline) return flags;
    await sleep(pause, undefined, { signal });
  }
}

/** Whether the flags of a line are those that are asked for, in any order. */
export function sameFlags(seen: string, wanted: string): boolean {
  return seen.split(',').toSorted().join() === wanted.split(',').toSorted().join();
}

function isOf(line: string, { id, agent }: RequestMark): boolean {
  return line.length <= longestLine && (line.includes(agent) || requestIds(line).includes(plainId(id)));
}

/** Text: `[time] "GET /path HTTP/1.1" 503 UF …`. JSON: the key `response_flags`. Empty for a line of neither. */
function flagsOf(line: string): string[] {
  const found = line.startsWith('{')
    ? /"response_flags":"([^"]*)"/.exec(line)
    : /^\[[^\]]*\] "[^"]*" \d+ (\S+) /.exec(line);
  return found?.[1] === undefined ? [] : [found[1]];
}
