import { type ConfigDump, configOrigin, type Fields } from './config-dump.ts';

export interface ClusterFilter {
  fqdn?: string | undefined;
  port?: number | undefined;
  subset?: string | undefined;
  direction?: string | undefined;
}

export interface ClusterName {
  direction: string;
  port: number;
  subset: string;
  fqdn: string;
}

export const CLUSTER_HEADER = ['SERVICE FQDN', 'PORT', 'SUBSET', 'DIRECTION', 'TYPE', 'DESTINATION RULE'];

export function selectClusters({ clusters }: ConfigDump, filter: ClusterFilter): Fields[] {
  return clusters
    .filter((cluster) => matches(nameOf(cluster), filter))
    .sort((a, b) => compareClusters(nameOf(a), nameOf(b)));
}

export function clusterRow(cluster: Fields): string[] {
  const { fqdn, port, subset, direction } = nameOf(cluster);
  return [fqdn, dash(port || ''), dash(subset), dash(direction), typeOf(cluster), configOrigin(cluster.metadata)];
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local`; any other name stands for itself. */
export function clusterName(name: string): ClusterName {
  const parts = name.split('|');
  if (parts.length < 4) return { direction: '', port: 0, subset: '', fqdn: name };
  const [direction = '', port = '', subset = '', fqdn = ''] = parts;
  return { direction, port: Number(port) || 0, subset, fqdn };
}

const nameOf = ({ name }: Fields) => clusterName(String(name ?? ''));

function typeOf({ type }: Fields): string {
  return typeof type === 'string' ? type : 'STATIC';
}

function matches(name: ClusterName, { fqdn, port, subset, direction }: ClusterFilter): boolean {
  if (fqdn && !name.fqdn.includes(fqdn)) return false;
  if (port && name.port !== port) return false;
  if (subset && name.subset !== subset) return false;
  return !direction || name.direction === direction.toLowerCase();
}

export function compareClusters(one: ClusterName, other: ClusterName): number {
  return (
    text(one.fqdn, other.fqdn) ||
    one.port - other.port ||
    text(one.subset, other.subset) ||
    text(one.direction, other.direction)
  );
}

const text = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const dash = (value: string | number) => (value === '' ? '-' : String(value));
