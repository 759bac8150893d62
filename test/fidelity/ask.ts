// Short ways to write a question.
import type { Ask, Behaviour, Place, RequestAsk, SharesAsk } from './behaviour.ts';

type Options = Partial<Omit<RequestAsk, 'kind' | 'from' | 'url'>>;

/** From the curl pod in the mesh, to httpbin when it is only a path. */
export function mesh(url: string, options: Options = {}): RequestAsk {
  return { kind: 'request', from: 'mesh', url: absolute(url), logs: ['curl'], ...options };
}

/** From the curl pod without a sidecar. */
export function plain(url: string, options: Options = {}): RequestAsk {
  const whole = url.startsWith('/') ? `http://httpbin.default:8000${url}` : url;
  return { kind: 'request', from: 'plain', url: whole, ...options };
}

/** Through the ingress gateway. */
export function outside(path: string, options: Options & { host?: string } = {}): RequestAsk {
  const { host, args = [], ...rest } = options;
  const hostHeader = host ? ['-H', `Host: ${host}`] : [];
  return {
    kind: 'request',
    from: 'outside',
    url: path.startsWith('/') ? `{entry}${path}` : path,
    args: [...hostHeader, ...args],
    logs: ['gateway'],
    ...rest,
  };
}

export function shares(url: string, of: string, count = 240, args: string[] = []): SharesAsk {
  return { kind: 'shares', from: 'mesh', url: absolute(url), of, count, args };
}

export function header(...values: string[]): string[] {
  return values.flatMap((v) => ['-H', v]);
}

export function is(id: string, title: string, ask: Ask): Behaviour {
  return { id, title, ask };
}

/** The same question with another place's log. */
export function logs(...places: Place[]): { logs: Place[] } {
  return { logs: places };
}

function absolute(url: string): string {
  return url.startsWith('/') ? `http://httpbin:8000${url}` : url;
}
