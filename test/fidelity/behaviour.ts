// A behaviour of the mesh, as data: what is asked and what is looked at. Nothing here says what the right answer is:
// the real mesh says it, and its answer is recorded.

export type Topic =
  | 'rutas'
  | 'acciones'
  | 'fallos'
  | 'reintentos'
  | 'destinos'
  | 'entrada'
  | 'registro'
  | 'seguridad'
  | 'telemetria'
  | 'validacion'
  | 'analisis'
  | 'malos-datos';

/** Some objects, and what is seen while they are there. They are applied, waited for, asked and deleted. */
export interface Situation {
  id: string;
  topic: Topic;
  /** YAML documents. {jwks}, {tls:NAME} and the like are filled in by fill.ts. */
  apply?: string;
  /** Its objects swap filter chains, so pooled connections must be used up before asking. */
  policy?: boolean;
  /** Its objects start pods: wait for every Deployment first. */
  patience?: boolean;
  /** One question after another; otherwise several at once. */
  inOrder?: boolean;
  behaviours: Behaviour[];
}

export interface Behaviour {
  /** Unique in its situation. */
  id: string;
  /** In Spanish: the row of the page. */
  title: string;
  ask: Ask;
}

export type Ask = RequestAsk | SharesAsk | BurstAsk | SequenceAsk | ShellAsk | ApplyAsk | AnalyzeAsk | KubectlAsk;

/** mesh: the curl pod, with a sidecar. plain: the one in a namespace without. fid-client: that of the situation. outside: the entry address. */
export type Caller = 'mesh' | 'plain' | 'fid-client' | 'outside';

/** Whose access log is read. */
export type Place =
  | 'curl'
  | 'httpbin'
  | 'gateway'
  | 'productpage-v1'
  | 'reviews-v1'
  | 'reviews-v2'
  | 'reviews-v3'
  | 'ratings-v1'
  | 'helloworld-v1'
  | 'helloworld-v2'
  | 'tcp-echo';

export interface RequestAsk {
  kind: 'request';
  from: Caller;
  url: string;
  args?: string[];
  /** A user of Bookinfo who logs in first; from the outside only. */
  login?: string;
  logs?: Place[];
  /** The time it takes is part of the answer. */
  timed?: boolean;
  /** Only these headers are looked at; all of them otherwise. */
  headers?: string[];
  /** Only whether these texts are in the body; the whole body otherwise. */
  marks?: string[];
  /** The body is not looked at. */
  noBody?: boolean;
}

/** Many requests, and how often each answer came. Compared as samples of the same distribution. */
export interface SharesAsk {
  kind: 'shares';
  from: Caller;
  url: string;
  args?: string[];
  count: number;
  /** Regular expression: its match in body or status is the answer's name. */
  of: string;
}

/** The same request many times at once: which different answers came. */
export interface BurstAsk {
  kind: 'burst';
  /** The curl pod of the mesh when missing. */
  from?: Caller;
  url: string;
  count: number;
}

/** Requests in order, each one's status and, with `of`, the match in its body. */
export interface SequenceAsk {
  kind: 'sequence';
  from: Caller;
  requests: { url: string; args?: string[]; pause?: number }[];
  of?: string;
  /** What is looked at: the list itself, the set of values, or how many different ones. */
  see: 'list' | 'set' | 'distinct';
}

export interface ShellAsk {
  kind: 'shell';
  /** fid-client: the pod that a situation brings itself. */
  from: 'mesh' | 'plain' | 'httpbin-proxy' | 'curl-proxy' | 'fid-client' | 'fid-client-proxy';
  script: string;
  /** Regular expressions whose matches are the answer; the whole text otherwise. */
  of?: string;
}

/** kubectl apply of a manifest, which is deleted again. */
export interface ApplyAsk {
  kind: 'apply';
  manifest: string;
}

/** istioctl analyze: which codes on which objects of the situation. */
export interface AnalyzeAsk {
  kind: 'analyze';
  /** Only messages that name an object with this in its name. */
  about: string;
}

export interface KubectlAsk {
  kind: 'kubectl';
  args: string[];
}

/** What was seen, without what changes from one run or machine to the next. */
export type Observation =
  | {
      kind: 'request';
      exit: number;
      status: number;
      headers: Record<string, string>;
      body: string;
      ms?: number;
      logs: Record<string, string[]>;
    }
  | { kind: 'shares'; counts: Record<string, number> }
  | { kind: 'text'; exit: number; text: string };

/** Full id of the behaviour → what was seen. */
export type Recording = Record<string, Observation>;
