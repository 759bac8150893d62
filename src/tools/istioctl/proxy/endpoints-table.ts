import { fields, integer, items, text } from '../../../mesh/read.ts';
import { clusterName, compareClusters } from './clusters-table.ts';
import type { ConfigDump, Fields } from './config-dump.ts';

export interface EndpointFilter {
  address?: string | undefined;
  port?: number | undefined;
  cluster?: string | undefined;
  status?: string | undefined;
}

export const ENDPOINT_HEADER = ['ENDPOINT', 'STATUS', 'OUTLIER CHECK', 'CLUSTER'];
export const EDS_HEADER = ['NAME', 'STATUS', 'LOCALITY', 'CLUSTER'];

interface Endpoint {
  address: string;
  port: number;
  shown: string;
  cluster: string;
  status: string;
  outlier: string;
}

/** From /clusters?format=json. */
export function endpointRows(clusters: string, filter: EndpointFilter): string[][] {
  const all = items(fields(JSON.parse(clusters) as unknown).cluster_statuses).flatMap((status) => {
    const cluster = fields(status);
    return items(cluster.host_statuses).map((host) => endpointOf(String(cluster.name), fields(host)));
  });
  return all
    .filter((e) => matches(e, filter))
    .sort((a, b) => order(a.address, b.address) || a.port - b.port || order(a.cluster, b.cluster))
    .map((e) => [e.shown, e.status, e.outlier, e.cluster]);
}

/** From the config dump's own list of endpoints, in the order of the clusters' table. */
export function edsRows({ endpoints }: ConfigDump): string[][] {
  return endpoints
    .map((assignment) => ({ name: clusterName(String(assignment.cluster_name)), rows: assignmentRows(assignment) }))
    .sort((a, b) => compareClusters(a.name, b.name))
    .flatMap(({ rows }) => rows);
}

function assignmentRows(assignment: Fields): string[][] {
  return items(assignment.endpoints).flatMap((group) => {
    const { region, zone, sub_zone } = fields(fields(group).locality);
    const locality = [region, zone, sub_zone].filter(Boolean).join('/');
    return items(fields(group).lb_endpoints).map((member) => {
      const { endpoint, health_status } = fields(member);
      const shown = addressOf(fields(fields(endpoint).address)).shown.replace('unix://', '');
      return [shown, text(health_status) ?? 'UNKNOWN', locality, String(assignment.cluster_name)];
    });
  });
}

function endpointOf(cluster: string, host: Fields): Endpoint {
  const health = fields(host.health_status);
  return {
    ...addressOf(fields(host.address)),
    cluster,
    status: text(health.eds_health_status) ?? 'UNKNOWN',
    outlier: health.failed_outlier_check === true ? 'FAILED' : 'OK',
  };
}

function addressOf({ socket_address, pipe }: Fields): Pick<Endpoint, 'address' | 'port' | 'shown'> {
  const path = text(fields(pipe).path);
  if (path !== undefined) return { address: `unix://${path}`, port: 0, shown: `unix://${path}` };
  const { address, port_value } = fields(socket_address);
  const port = integer(port_value) ?? 0;
  return { address: String(address), port, shown: `${String(address)}:${port}` };
}

function matches(endpoint: Endpoint, { address, port, cluster, status }: EndpointFilter): boolean {
  if (address && endpoint.address !== address) return false;
  if (port && endpoint.port !== port) return false;
  if (cluster && endpoint.cluster !== cluster) return false;
  return !status || endpoint.status.toLowerCase() === status.toLowerCase();
}

const order = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
