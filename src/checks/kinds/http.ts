import { randomUUID } from 'node:crypto';
import { headersOf } from '../../labs/check-kinds/destination-fields.ts';
import type { HttpPattern } from '../../labs/check-kinds/http.ts';
import { type Answer, sendRequest } from '../../traffic/load.ts';
import type { CheckKind } from '../check-kind.ts';
import { type Address, findAddress } from '../entry.ts';
import { type HttpSighting, isAsAsked, isRight, printExpectation, printSighting } from '../http-answer.ts';
import type { ObserveContext } from '../observation.ts';
import { type RequestMark, readFlags } from '../proxy-flags.ts';
import { routingKinds } from '../routing-kinds.ts';
import { openSession } from '../session.ts';

export const http: CheckKind<'http'> = {
  looksAt: 'traffic',
  expects: ({ pattern }) => printExpectation(pattern),
  async observe({ pattern }, context) {
    const address = await findAddress(context.cluster, pattern);
    const seen = address.closed ? { answer: unsent } : await look(pattern, address, context);
    const { answer, contrast } = seen;
    return {
      expected: printExpectation(pattern),
      observed: printSighting(pattern, seen),
      evidence: {
        requests: contrast ? 2 : 1,
        latencyMilliseconds: { p50: answer.milliseconds, p95: answer.milliseconds },
      },
      ...(isRight(pattern, seen) ? {} : { symptom: { type: 'http', pattern, url: address.url, ...seen } }),
    };
  },
  watches: () => routingKinds,
};

/** There is no port to ask. */
const unsent: Answer = { status: 0, headers: {}, body: '', milliseconds: 0, failure: 'refused' };

/** What proves the answer's cause is asked only when the answer is the right one. */
async function look(pattern: HttpPattern, { url }: Address, context: ObserveContext): Promise<HttpSighting> {
  const { cluster, signal } = context;
  const { method, headers, session, contrast, flag, ...rest } = pattern;
  const host = headersOf({ ...rest, headers: {} });
  const cookies = session ? await openSession(session, url, { destination: host, signal }) : {};
  const mark = newMark();
  const own = { ...headersOf(pattern), ...cookies };
  const answer = await ask(url, method, flag ? marked(own, mark) : own, signal);
  if (!isAsAsked(pattern, answer)) return { answer };
  const outside =
    contrast &&
    (await ask(
      contrast.path === undefined ? url : new URL(contrast.path, url),
      method,
      { ...host, ...contrast.headers, ...(contrast.session ? cookies : {}) },
      signal,
    ));
  const flags = flag && (await readFlags(cluster.client, flag, mark, signal));
  return { answer, ...(outside && { contrast: outside }), ...(flags && { flags }) };
}

async function ask(url: URL, method: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  const answer = await sendRequest({ url: url.href, method, headers, signal });
  signal.throwIfAborted();
  if (!answer) throw new Error('A request that was not aborted must have an outcome.');
  return answer;
}

function newMark(): RequestMark {
  const id = randomUUID();
  return { id, agent: `malla/${id.slice(-12)}` };
}

function marked(headers: Record<string, string>, { id, agent }: RequestMark): Record<string, string> {
  const own = Object.keys(headers).find((name) => name.toLowerCase() === 'user-agent') ?? 'user-agent';
  const { [own]: written, ...others } = headers;
  return { ...others, 'x-request-id': id, 'user-agent': written === undefined ? agent : `${written} ${agent}` };
}
