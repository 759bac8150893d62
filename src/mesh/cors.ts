// `corsPolicy`: preflights that the proxy answers, and the headers of the answers to cross-origin requests.
import type { HeaderChanges, Reply, Source } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { fields, items, text, texts } from './read.ts';
import { compileStringMatch } from './string-match.ts';
import { milliseconds } from './upstream/duration.ts';

export interface Cors {
  source: Source;
  allows(origin: string): boolean;
  /** Preflights of other origins go on to the service; otherwise they get an answer without permissions. */
  forwardsUnmatched: boolean;
  methods: string;
  headers: string;
  exposed: string;
  maxAge: string;
  credentials: boolean;
}

export function compileCors(spec: unknown, source: Source): Cors {
  const written = fields(spec);
  // `allowOrigin` is the old form: whole names only.
  const old = texts(written.allowOrigin).map((origin) => ({ exact: origin }));
  const origins = [...items(written.allowOrigins), ...old].map((item) => {
    const { exact } = fields(item);
    return exact === '*' ? { test: () => true } : compileStringMatch(item);
  });
  const seconds = milliseconds(written.maxAge);
  return {
    source,
    allows: (origin) => origins.some(({ test }) => test(origin)),
    forwardsUnmatched: text(written.unmatchedPreflights) !== 'IGNORE',
    methods: texts(written.allowMethods).join(','),
    headers: texts(written.allowHeaders).join(','),
    exposed: texts(written.exposeHeaders).join(','),
    maxAge: seconds === undefined ? '' : String(Math.floor(seconds / 1_000)),
    credentials: written.allowCredentials === true,
  };
}

/** The request's origin; undefined: CORS has nothing to do with it. */
export function originOf({ headers }: MeshRequest): string | undefined {
  return Object.hasOwn(headers, 'origin') && headers.origin ? headers.origin : undefined;
}

/** The answer to a preflight; undefined: the request goes on. */
export function preflight(
  cors: Cors,
  request: MeshRequest,
  cluster: string | undefined,
  route: string,
): Reply | undefined {
  const origin = originOf(request);
  if (origin === undefined || request.method !== 'OPTIONS') return undefined;
  if (!Object.hasOwn(request.headers, 'access-control-request-method')) return undefined;
  const allowed = cors.allows(origin);
  if (!allowed && cors.forwardsUnmatched) return undefined;
  return {
    kind: 'reply',
    status: 200,
    headers: allowed ? permissions(cors, origin) : {},
    body: '',
    flags: [],
    details: 'cors_response',
    route,
    ...(cluster && { cluster }),
  };
}

/** What is set on the answer to a request of an allowed origin, after all other changes. */
export function answerChanges(cors: Cors, request: MeshRequest): HeaderChanges | undefined {
  const origin = originOf(request);
  if (origin === undefined || !cors.allows(origin)) return undefined;
  const set: [string, string][] = [['access-control-allow-origin', origin]];
  if (cors.credentials) set.push(['access-control-allow-credentials', 'true']);
  if (cors.exposed) set.push(['access-control-expose-headers', cors.exposed]);
  return { remove: [], set, add: [] };
}

function permissions(cors: Cors, origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    ...(cors.credentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.methods && { 'access-control-allow-methods': cors.methods }),
    ...(cors.headers && { 'access-control-allow-headers': cors.headers }),
    ...(cors.maxAge && { 'access-control-max-age': cors.maxAge }),
    ...(cors.exposed && { 'access-control-expose-headers': cors.exposed }),
  };
}
