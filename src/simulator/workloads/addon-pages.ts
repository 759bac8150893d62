// Grafana and Kiali are not simulated: their addons run, and their page says where to see what they would show.
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../contract.ts';
import { html, json, pathOf, text } from './replies.ts';

interface Addon {
  name: string;
  port: number;
  /** Where its page begins. */
  root: string;
  health: Record<string, HttpReply>;
  shows: string;
}

const ADDONS = {
  grafana: {
    name: 'Grafana',
    port: 3000,
    root: '/',
    health: { '/api/health': json(200, '{"database":"ok"}') },
    shows: 'los paneles de peticiones, errores y latencia',
  },
  kiali: {
    name: 'Kiali',
    port: 20001,
    root: '/kiali',
    health: { '/kiali/healthz': text(200, 'OK'), '/healthz': text(200, 'OK') },
    shows: 'el grafo de la malla',
  },
} satisfies Record<string, Addon>;

export function addonPage(which: keyof typeof ADDONS): (context: ContainerContext) => RunningContainer {
  const addon: Addon = ADDONS[which];
  return ({ log }) => {
    log(`${addon.name}: simulado por Malla, sin su página`);
    return { ports: { [addon.port]: (request) => answer(addon, request), 9090: () => text(200, '') } };
  };
}

function answer({ name, root, health, shows }: Addon, request: HttpRequest): HttpReply {
  const path = pathOf(request);
  const known = health[path];
  if (known) return known;
  if (path === '/' && root !== '/') return { status: 302, headers: { location: root }, body: '' };
  if (!path.startsWith(root)) return text(404, 'Not Found\n');
  return html(
    200,
    `<!doctype html><html lang="es"><meta charset="utf-8"><title>${name}, simulado por Malla</title>
<h1>${name}, simulado por Malla</h1>
<p>Este clúster es un simulador y no lleva ${name}. Malla enseña ${shows} en sus propias vistas: ábrelas con
<code>malla panel</code>, o en VS Code con «Malla: Ver la malla».</p>
<p>En un clúster de verdad, esta misma dirección abre ${name}.</p></html>`,
  );
}
