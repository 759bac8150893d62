import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { mainContainer, newestReady } from '../../diagnosis/pods.ts';
import type { Pod } from '../../diagnosis/scene.ts';
import type { PodRequestPattern } from '../../labs/check-kinds/peticion.ts';
import { type CurlAnswer, type CurlFailure, curlCommand, readCurl } from '../../traffic/curl-request.ts';
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
    const pods = (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector })) as Pod[];
    const pod = newestReady(pods);
    if (!pod) {
      const observed = `no hay ningún pod listo con ${selector} en ${namespace}`;
      return { expected, observed, evidence: {}, symptom: { type: 'peticion', pattern } };
    }
    const answer = await askFrom(client, pod, pattern, signal);
    const right = isRight(pattern, answer);
    return {
      expected,
      observed: summary(pattern, answer),
      evidence: { ...evidenceOf([pod]), requests: 1 },
      ...(right ? {} : { symptom: { type: 'peticion', pattern, client: pod, answer } }),
    };
  },
  watches: () => [...routingKinds, ...securityKinds],
};

async function askFrom(
  client: KubeClient,
  pod: Pod,
  pattern: PodRequestPattern,
  signal: AbortSignal,
): Promise<CurlAnswer> {
  const { name, namespace = 'default' } = pod.metadata;
  const container = pattern.from.container ?? mainContainer(pod);
  try {
    const command = curlCommand(pattern);
    return readCurl(await client.exec({ namespace, pod: name, container, command, signal }));
  } catch (error) {
    // A program that is not in the image is no fault of the cluster's.
    if (!(error instanceof ClusterError) || !/executable file not found|no such file/i.test(error.detail)) throw error;
    return { status: 0, body: '', failure: 'no-curl', message: error.detail, exitCode: 127 };
  }
}

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
