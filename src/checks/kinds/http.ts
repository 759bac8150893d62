import { headersOf } from '../../labs/check-kinds/destination-fields.ts';
import type { HttpPattern } from '../../labs/check-kinds/http.ts';
import { type Answer, type Failure, sendRequest } from '../../traffic/load.ts';
import type { CheckKind } from '../check-kind.ts';
import { findAddress, printTarget } from '../entry.ts';
import { routingKinds } from '../routing-kinds.ts';

export const http: CheckKind<'http'> = {
  looksAt: 'traffic',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster, signal }) {
    const { url, closed } = await findAddress(cluster, pattern);
    const { method } = pattern;
    const answer = closed ? unsent : await sendRequest({ url: url.href, method, headers: headersOf(pattern), signal });
    signal.throwIfAborted();
    if (!answer) throw new Error('A request that was not aborted must have an outcome.');
    const right = answer.status === pattern.status && pattern.contains.every((text) => answer.body.includes(text));
    return {
      expected: expectation(pattern),
      observed: summary(answer, pattern),
      evidence: { requests: 1, latencyMilliseconds: { p50: answer.milliseconds, p95: answer.milliseconds } },
      ...(right ? {} : { symptom: { type: 'http', pattern, url, answer } }),
    };
  },
  watches: () => routingKinds,
};

function expectation({ method, status, contains, ...target }: HttpPattern): string {
  const path = printTarget(target);
  const texts = contains.map((t) => `«${t}»`).join(' y ');
  return `${method} ${path} responde ${status}${texts ? ` y contiene ${texts}` : ''}`;
}

/** There is no port to ask. */
const unsent: Answer = { status: 0, headers: {}, body: '', milliseconds: 0, failure: 'refused' };

const failures: Record<Failure, string> = {
  refused: 'la conexión se rechaza',
  dns: 'el nombre de la entrada no se resuelve',
  timeout: 'no hay respuesta a tiempo',
  reset: 'la conexión se corta',
};

function summary(answer: Answer, { contains, status }: HttpPattern): string {
  if (answer.failure) return failures[answer.failure];
  const missing = contains.filter((text) => !answer.body.includes(text)).map((t) => `«${t}»`);
  const lacks = missing.length > 0 && answer.status === status ? ` y no contiene ${missing.join(' ni ')}` : '';
  const start = answer.status === status ? '' : answer.body.trim().split('\n')[0]?.slice(0, 80);
  return `responde ${answer.status}${start ? ` («${start}»)` : ''}${lacks}`;
}
