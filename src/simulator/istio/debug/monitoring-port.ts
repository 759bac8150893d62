// Port 15014 of istiod: its version and its debug pages.
import type { HttpReply, HttpRequest } from '../../contract.ts';
import type { ControlPlane } from './control-plane.ts';
import { debugPage, debugPageNames } from './debug-pages.ts';
import { pilotMetrics } from './pilot-metrics.ts';
import { ISTIO_REVISION } from './release.ts';

export function monitoringPort(plane: ControlPlane, request: HttpRequest): HttpReply {
  const [path = '', query = ''] = request.path.split('?');
  // istioctl asks for `//version`; a server of Go takes that for the same.
  const pathname = path.replace(/\/{2,}/g, '/');
  const searchParams = new URLSearchParams(query);
  if (pathname === '/version') return text(200, `${plane.version}-${ISTIO_REVISION}-Clean`);
  if (pathname === '/metrics') return text(200, pilotMetrics(plane));
  if (pathname === '/debug' || pathname === '/debug/')
    return text(
      200,
      debugPageNames()
        .map((n) => `/debug/${n}\n`)
        .join(''),
    );
  const name = /^\/debug\/(\w+)$/.exec(pathname)?.[1] ?? '';
  const page = debugPage(plane, name, searchParams);
  if (page === undefined) return text(404, '404 page not found\n');
  if (typeof page === 'string') return text(404, page);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(page) };
}

function text(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
