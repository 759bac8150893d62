// productpage's calls to the other services, with the patience of the program.
import type { ContainerContext, HttpReply, HttpRequest } from '../../contract.ts';
import { headersWithUser } from './propagation.ts';
import { userOf } from './session.ts';

export interface BackendAnswer {
  status: number;
  /** The service's JSON, or `{"error": …}`. */
  data: unknown;
}

export interface Backends {
  details(id: string, request: HttpRequest): Promise<BackendAnswer>;
  reviews(id: string, request: HttpRequest): Promise<BackendAnswer>;
  ratings(id: string, request: HttpRequest): Promise<BackendAnswer>;
  /** For /metrics: `details 200` → how many. */
  counts: ReadonlyMap<string, number>;
}

const PATIENCE = 3_000;

/** `propagates`: hands on the headers that hold a trace together. */
export function createBackends({ env, call }: ContainerContext, propagates: boolean): Backends {
  const counts = new Map<string, number>();
  const domain = env.SERVICES_DOMAIN ? `.${env.SERVICES_DOMAIN}` : '';

  function count(service: string, status: number | string) {
    const key = `${service} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  async function ask(service: string, id: string, request: HttpRequest): Promise<HttpReply | undefined> {
    const upper = service.toUpperCase();
    const authority = `${env[`${upper}_HOSTNAME`] ?? service}${domain}:${env[`${upper}_SERVICE_PORT`] ?? '9080'}`;
    const headers = headersWithUser(propagates ? request : { ...request, headers: {} }, userOf(request));
    try {
      const reply = await call({ method: 'GET', path: `/${service}/${id}`, authority, headers }, PATIENCE);
      count(service, reply.status);
      return reply;
    } catch {
      count(service, 'unknown');
      return undefined;
    }
  }

  async function fetch(service: string, id: string, request: HttpRequest, tries: number): Promise<BackendAnswer> {
    let status = 500;
    for (let i = 0; i < tries; i++) {
      const reply = await ask(service, id, request);
      const data = reply?.status === 200 ? parse(String(reply.body)) : undefined;
      if (data !== undefined) return { status: 200, data };
      status = reply && reply.status !== 200 ? reply.status : 500;
    }
    return { status, data: { error: `Sorry, product ${service} are currently unavailable for this book.` } };
  }

  return {
    counts,
    details: (id, request) => fetch('details', id, request, 1),
    // Two tries of three seconds: the fault that the fault-injection lab is there to find.
    reviews: (id, request) => fetch('reviews', id, request, 2),
    ratings: (id, request) => fetch('ratings', id, request, 1),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
