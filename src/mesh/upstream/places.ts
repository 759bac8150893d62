// Where pods are: the region, zone and subzone of their node, or what a label of their own says instead.
import type { KubeObject } from '../objects.ts';
import { fields, text } from '../read.ts';

const PLACE_LABELS = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
] as const;

/** `region/zone/subzone`; undefined without a region. */
export function placeOfNode(node: KubeObject): string | undefined {
  const labels = fields(node.metadata.labels);
  const [region, zone, subzone] = PLACE_LABELS.map((label) => text(labels[label]) ?? '');
  return region ? [region, zone, subzone].join('/') : undefined;
}

/** `istio-locality`, whose parts are divided by dots or by slashes. */
export function placeOfLabels(labels: unknown): string | undefined {
  const written = text(fields(labels)['istio-locality']);
  if (!written) return undefined;
  return written.includes('/') ? written : written.replaceAll('.', '/');
}

/** The labels by which Kubernetes tells a place. */
export function placeLabels(place: string | undefined): Record<string, string> {
  const parts = place?.split('/') ?? [];
  return Object.fromEntries(
    PLACE_LABELS.flatMap((label, position) => (parts[position] ? [[label, parts[position]]] : [])),
  );
}
