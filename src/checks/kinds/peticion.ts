import { forecastPodRequest } from '../../diagnosis/security/pod-forecast.ts';
import type { PodRequestPattern } from '../../labs/check-kinds/peticion.ts';
import type { CurlAnswer, CurlFailure } from '../../traffic/curl-request.ts';
import { askFrom, findClient } from '../ask-from-pod.ts';
import type { CheckKind } from '../check-kind.ts';
import { evidenceOf } from '../evidence.ts';
import { routingKinds } from '../routing-kinds.ts';
import { securityKinds } from '../security-kinds.ts';

export const peticion: CheckKind<'peticion'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster: { client }, signal }) {
    const expected = expectation(pattern);
    const { namespace, selector } = pattern.from;
    const pod = await findClient(client, pattern.from);
    if (!pod) {
      const observed = `no hay ningún pod listo con ${selector} en ${namespace}`;
      return { expected, observed, evidence: {}, symptom: { type: 'peticion', pattern } };
    }
    const answer = await askFrom(client, pod, pattern.from, pattern, signal);
    const right = isRight(pattern, answer);
    return {
      expected,
      observed: summary(pattern, answer),
      evidence: { ...evidenceOf([pod]), requests: 1 },
      ...(right ? {} : { symptom: { type: 'peticion', pattern, client: pod, answer } }),
    };
  },
  watches: () => [...routingKinds, ...securityKinds],
  foresees: ({ pattern }, scene) => forecastPodRequest(scene, pattern),
};

function isRight({ expected, contains, excludes }: PodRequestPattern, { status, failure, body }: CurlAnswer): boolean {
  if ('failure' in expected) return failure === expected.failure;
  return (
    status === expected.status && contains.every((t) => body.includes(t)) && !excludes.some((t) => body.includes(t))
  );
}

const failures: Record<CurlFailure, string> = {
  refused: 'la conexión se rechaza',
  dns: 'el nombre no se resuelve',
  timeout: 'no hay respuesta a tiempo',
  reset: 'la conexión se corta',
  other: 'curl falla',
  'no-curl': 'en ese contenedor no hay curl',
};

function expectation({ from, url, method, expected, contains, excludes }: PodRequestPattern): string {
  const what = `desde ${from.namespace} (${from.selector}), ${method} ${url}`;
  if ('failure' in expected) return `${what}: ${failures[expected.failure]}`;
  const quoted = (texts: string[]): string => texts.map((t) => `«${t}»`).join(' y ');
  const has = contains.length > 0 ? ` y contiene ${quoted(contains)}` : '';
  const lacks = excludes.length > 0 ? ` y no contiene ${quoted(excludes)}` : '';
  return `${what} responde ${expected.status}${has}${lacks}`;
}

function summary({ expected, contains, excludes }: PodRequestPattern, answer: CurlAnswer): string {
  const { status, failure, body, message } = answer;
  if (failure) return message ? `${failures[failure]} («${message.split('\n')[0]?.slice(0, 120)}»)` : failures[failure];
  if (!('status' in expected) || expected.status !== status) {
    const start = body.trim().split('\n')[0]?.slice(0, 80);
    return `responde ${status}${start ? ` («${start}»)` : ''}`;
  }
  const missing = contains.filter((t) => !body.includes(t)).map((t) => `«${t}»`);
  const left = excludes.filter((t) => body.includes(t)).map((t) => `«${t}»`);
  const lacks = missing.length > 0 ? ` y no contiene ${missing.join(' ni ')}` : '';
  return `responde ${status}${lacks}${left.length > 0 ? ` y contiene ${left.join(' y ')}` : ''}`;
}
