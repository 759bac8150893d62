// One request, explained: every decision of the proxies on its way, with the object and the line that made it.

/** Who sends the request: `gateway/NAMESPACE/POD` or `sidecar/NAMESPACE/POD`. */
export type ClientId = string;

export interface ExplainQuestion {
  client: ClientId;
  /** As the client writes it: `reviews`, `reviews.default:9080`, `bookinfo.example.com`. */
  host: string;
  /** Port of the Service, or of the gateway's Service. */
  port: number;
  method: string;
  /** With query. */
  path: string;
  headers: Record<string, string>;
}

export interface ExplainChoices {
  clients: { id: ClientId; title: string; gateway: boolean }[];
  /** Hosts of the mesh with their ports, for suggestions. */
  hosts: { host: string; ports: number[] }[];
}

/** `stop`: the request goes no further here. `changed`: it goes on, altered or held back. */
export type Tone = 'passed' | 'skipped' | 'changed' | 'stop';

export interface ExplainedStep {
  /** A sentence in Spanish. */
  text: string;
  tone: Tone;
  /** Where it is said, with a line of the YAML in `objects`. */
  source?: { object: string; path: string; line?: number };
}

export interface ExplainedHop {
  title: string;
  steps: ExplainedStep[];
}

export interface ExplainedRequest {
  hops: ExplainedHop[];
  /** How it ends, in one sentence. */
  outcome: string;
  /** 0 when there is no HTTP answer of a proxy. */
  status: number;
  /** Of `draws` requests like this one, how many end in each pod or reply; more than one entry when chance decides. */
  shares: { to: string; count: number }[];
  draws: number;
  /** The objects that decided, as YAML: key is `Kind namespace/name`. */
  objects: Record<string, string>;
}

/** The same request once it has been sent. */
export interface ComparedRequest {
  /** 0 when there was no answer. */
  status: number;
  /** Who answered, by the log of the proxy that sent it. */
  pod?: string;
  cluster?: string;
  /** Envoy's response flags. */
  flags?: string;
  /** The line of its access log. */
  line?: string;
  /** It went where the engine says that it may. */
  agrees: boolean;
  /** A line of the log was found: without one only the answer is known. */
  known: boolean;
}
