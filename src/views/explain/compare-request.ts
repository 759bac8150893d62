// What was said of a request, held against what happens when it is sent: where it went by the access log of the proxy that
// sent it, and what answer it got.
import { ClusterError } from '../../cluster/cluster-error.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { readPodLog } from '../../cluster/pod-log.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import { findRecord } from './access-record.ts';
import type { ComparedRequest, ExplainedRequest, ExplainQuestion } from './explained-request.ts';

export interface CompareOptions {
  client: Pick<KubeClient, 'exec' | 'raw'>;
  objects: readonly KubeObject[];
  /** Undefined when nothing lets requests in from outside. */
  entry: string | undefined;
  /** Sends it to the entry with the id; resolves to the status, 0 when there was no answer. */
  send(entry: string, question: ExplainQuestion, id: string): Promise<number>;
  newId(): string;
  sleep(milliseconds: number): Promise<void>;
}

/** Envoy writes its log once a second; a busy machine takes longer. */
const looks = 12;
const pause = 500;

/** Rejects with CodedError where the request cannot be sent, and with ClusterError when the cluster does not answer. */
export async function compareRequest(
  question: ExplainQuestion,
  explained: ExplainedRequest,
  options: CompareOptions,
): Promise<ComparedRequest> {
  const [kind, namespace = '', pod = ''] = question.client.split('/');
  const id = options.newId();
  const status = kind === 'gateway' ? await fromOutside(question, id, options) : await fromPod(question, id, options);
  const found = await look({ namespace, pod }, id, options);
  const record = found?.record;
  const to = record?.upstream ? podAt(options.objects, record.upstream) : undefined;
  const expected = explained.shares.map((share) => share.to);
  const observed = to ?? `respuesta ${record?.status ?? status}`;
  return {
    status: record?.status ?? status,
    ...(to ? { pod: to } : {}),
    ...(record?.cluster ? { cluster: record.cluster } : {}),
    ...(record && record.flags !== '-' ? { flags: record.flags } : {}),
    ...(found ? { line: found.line } : {}),
    // A request that the engine stops at the door has no shares: then its answer is what is expected.
    agrees: expected.length > 0 ? agreesWith(expected, observed, found !== undefined) : explained.status === status,
    known: found !== undefined,
  };
}

/** Without a line of the log only answers of a proxy can be told apart. */
function agreesWith(expected: readonly string[], observed: string, known: boolean): boolean {
  if (expected.includes(observed)) return true;
  return !known && expected.some((to) => !to.startsWith('respuesta '));
}

async function fromOutside(question: ExplainQuestion, id: string, { entry, send }: CompareOptions): Promise<number> {
  if (entry !== undefined) return send(entry, question, id);
  throw new CodedError({
    code: 'MALLA-VIS-08',
    happened: 'No hay ninguna dirección por la que entrar en la malla.',
    expected: 'Un ingress gateway con un puerto al que se llegue desde esta máquina.',
    todo: 'Instala la pasarela de Istio, o elige como cliente un pod de la malla.',
  });
}

/** By the curl of the pod's own program: what leaves the proxy's container does not go through the proxy. */
async function fromPod(question: ExplainQuestion, id: string, { client, objects }: CompareOptions): Promise<number> {
  const [, namespace = '', pod = ''] = question.client.split('/');
  const found = objects.find((o) => o.kind === 'Pod' && o.metadata.name === pod && o.metadata.namespace === namespace);
  const names = items(fields(found?.spec).containers).map((c) => text(fields(c).name) ?? '');
  const container = names.find((name) => name !== '' && name !== 'istio-proxy') ?? '';
  const headers = Object.entries({ ...question.headers, 'x-request-id': id }).flatMap(([n, v]) => ['-H', `${n}: ${v}`]);
  const { host, port, path, method } = question;
  const address = `http://${/:\d+$/.test(host) ? host : `${host}:${port}`}${path}`;
  const command = [
    'curl',
    '-g',
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-m',
    '15',
    '-X',
    method,
    ...headers,
    address,
  ];
  try {
    const { stdout, exitCode } = await client.exec({ namespace, pod, container, command });
    if (exitCode !== 126 && exitCode !== 127) return Number(stdout.trim()) || 0;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.reason !== 'invalid') throw error;
  }
  throw new CodedError({
    code: 'MALLA-VIS-09',
    happened: `El contenedor «${container}» del pod ${pod} no tiene curl: no puede enviar la petición.`,
    expected: 'Un pod con curl, como el de samples/curl.',
    todo: 'Elige otro cliente, o la pasarela de entrada.',
  });
}

async function look(at: { namespace: string; pod: string }, id: string, { client, sleep }: CompareOptions) {
  for (let left = looks; left > 0; left -= 1) {
    const lines = await readPodLog(client as KubeClient, { ...at, container: 'istio-proxy' });
    const found = findRecord(lines, id);
    if (found) return found;
    await sleep(pause);
  }
  return undefined;
}

function podAt(objects: readonly KubeObject[], upstream: string): string | undefined {
  const address = upstream.replace(/:\d+$/, '');
  const pod = objects.find((o) => o.kind === 'Pod' && text(fields(o.status).podIP) === address);
  return pod?.metadata.name ?? address;
}
