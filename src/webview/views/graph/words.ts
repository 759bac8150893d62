// What the graph says of its nodes and edges: the same words in the drawing, the details and the table.
import type { GraphEdge, GraphNode } from '../../../views/graph/mesh-graph.ts';
import { t } from '../../l10n.ts';
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
  if (edge.state === 'parada') return t('sin tráfico ahora');
  if (edge.state === 'muerta') return t('sin tráfico, y su extremo ya no existe');
  return edge.errors > 0 ? t('{0} con error', percent(edge.errors)) : t('sin errores');
}

/** Two rates of the same requests, taken at two proxies, are hardly ever equal to the last digit. */
const ROUNDING = 0.01;

export function isSafe(mtls: number): boolean {
  return mtls > 1 - ROUNDING;
}

export function securityOf({ mtls }: GraphEdge): string {
  if (mtls === undefined) return t('desconocida');
  if (isSafe(mtls)) return 'mTLS';
  return mtls < ROUNDING ? t('sin cifrar') : t('mTLS en el {0}', percent(mtls));
}

export function podsOf({ kind, pods, ready, meshed }: GraphNode): string {
  if (kind === 'fuera') return t('fuera de la malla');
  if (kind === 'servicio') return t('es un Service, no un programa');
  if (pods === 0) return t('ya no tiene pods');
  const sidecars = kind === 'pasarela' || meshed === pods ? '' : `, ${t('{0} sin sidecar', pods - meshed)}`;
  return `${t('{0} de {1} listos', ready, pods)}${sidecars}`;
}
