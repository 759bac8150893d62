// A behaviour of the Kubernetes API, as data: a question by kubectl, over HTTP or with @kubernetes/client-node. What the
// right answer is, a real cluster says; here is only what to ask.
import type { Client } from './client.ts';

export type Topic =
  | 'protocolo'
  | 'tablas'
  | 'listas'
  | 'escrituras'
  | 'apply'
  | 'borrados'
  | 'valores'
  | 'validacion'
  | 'subrecursos'
  | 'crd'
  | 'permisos'
  | 'ordenes'
  | 'malos-datos';

/** A namespace of its own, with some objects, and the questions that are asked there one after another. */
export interface Situation {
  /** Also of its namespace, `kf-ID`, which questions write `{ns}`. */
  id: string;
  topic: Topic;
  /** Before the questions; what they answer is not looked at, but each must succeed. */
  setup: Ask[];
  /** What it is, in Spanish → what is asked. Of several questions all the answers count. */
  behaviours: Record<string, Ask | Ask[]>;
  /** Arguments of `kubectl delete`, for what is outside the namespace. */
  cleanup: string[];
  /** Too slow for `npm test`; the command plays it. */
  slow: boolean;
}

export type Ask = KubectlAsk | HttpAsk | ClientAsk;

export interface KubectlAsk {
  kind: 'kubectl';
  args: string[];
  input?: string;
  /** Only lines that match; all otherwise. */
  lines?: RegExp;
  /** Only an order that is to succeed, or a wait: its text is not looked at. */
  quiet?: boolean;
  /** Asked again until it succeeds, for at most a minute. */
  until?: boolean;
}

export interface HttpAsk {
  kind: 'http';
  method: string;
  /** As it goes on the request line. */
  path: string;
  /** Objects are sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Without the administrator's certificate. */
  stranger?: boolean;
  /** Only these paths of the answer and those below them, as `spec.replicas`; all otherwise. */
  only?: string[];
  /** managedFields are looked at too. */
  fields?: boolean;
  /** The body is text, or too much to look at: only its first line. */
  firstLine?: boolean;
  quiet?: boolean;
  until?: boolean;
}

/** A call of the library; what it returns or throws is the answer. */
export interface ClientAsk {
  kind: 'client';
  call(client: Client, namespace: string): Promise<unknown>;
  quiet?: boolean;
}

/** What was seen. `exit` is kubectl's code or the status of HTTP. */
export interface Observation {
  kind: 'text';
  exit: number;
  text: string;
}

export type Recording = Record<string, Observation>;

type Http = Omit<HttpAsk, 'kind' | 'method' | 'path'>;

/** `kubectl('get pods -n {ns}')`: words, with quotes where a word has spaces. */
export function kubectl(line: string, more: Omit<KubectlAsk, 'kind' | 'args'> = {}): KubectlAsk {
  return { kind: 'kubectl', args: words(line), ...more };
}

/** `http('GET /api/v1/namespaces/{ns}/pods?limit=1')` */
export function http(line: string, more: Http = {}): HttpAsk {
  const at = line.indexOf(' ');
  return { kind: 'http', method: line.slice(0, at), path: line.slice(at + 1), ...more };
}

export const client = (call: ClientAsk['call']): ClientAsk => ({ kind: 'client', call });

/** kubectl apply of these objects, as one List: not every kubectl reads JSON documents with `---` between them. */
export function apply(...objects: object[]): KubectlAsk {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  return kubectl('apply -n {ns} -f -', { input, quiet: true });
}

export function situation(
  id: string,
  topic: Topic,
  behaviours: Situation['behaviours'],
  more: Partial<Pick<Situation, 'setup' | 'cleanup' | 'slow'>> = {},
): Situation {
  return { id, topic, behaviours, setup: [], cleanup: [], slow: false, ...more };
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+?)=?'([^']*)'|(\S+)/g)].map((m) =>
    m[4] !== undefined ? `${m[3]}=${m[4]}` : (m[1] ?? m[2] ?? m[5] ?? ''),
  );
}
