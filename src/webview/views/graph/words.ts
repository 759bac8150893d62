// What the graph says of its nodes and edges: the same words in the drawing, the details and the table.
import type { GraphEdge, GraphNode } from '../../../views/graph/mesh-graph.ts';
import { bytes, percent, rate } from '../numbers.ts';

export function nodeName({ app, version, workload, kind }: GraphNode): string {
  return kind === 'programa' ? (version && version !== 'latest' ? `${app} ${version}` : app) : workload;
}

export type Health = 'sana' | 'regular' | 'mala' | 'quieta';

/** The limits with which Kiali paints: any error is worth a look, a tenth is bad. */
export function healthOf({ rate, errors }: { rate: number; errors: number }): Health {
  if (rate === 0) return 'quieta';
  if (errors >= 0.1) return 'mala';
  return errors > 0.001 ? 'regular' : 'sana';
}

export function loadOf(edge: GraphEdge): string {
  return edge.protocol === 'tcp' ? bytes(edge.rate) : rate(edge.rate);
}

export function stateOf(edge: GraphEdge): string {
  if (edge.state === 'parada') return 'sin tráfico ahora';
  if (edge.state === 'muerta') return 'sin tráfico, y su extremo ya no existe';
  return edge.errors > 0 ? `${percent(edge.errors)} con error` : 'sin errores';
}

/** Two rates of the same requests, taken at two proxies, are hardly ever equal to the last digit. */
const ROUNDING = 0.01;

export function isSafe(mtls: number): boolean {
  return mtls > 1 - ROUNDING;
}

export function securityOf({ mtls }: GraphEdge): string {
  if (mtls === undefined) return 'desconocida';
  if (isSafe(mtls)) return 'mTLS';
  return mtls < ROUNDING ? 'sin cifrar' : `mTLS en el ${percent(mtls)}`;
}

export function podsOf({ kind, pods, ready, meshed }: GraphNode): string {
  if (kind === 'fuera') return 'fuera de la malla';
  if (kind === 'servicio') return 'es un Service, no un programa';
  if (pods === 0) return 'ya no tiene pods';
  const sidecars = kind === 'pasarela' || meshed === pods ? '' : `, ${pods - meshed} sin sidecar`;
  return `${ready} de ${pods} listos${sidecars}`;
}
