// Where requests of a check are sent: the entry address, its HTTPS sister, or the NodePort of a Service.
import type { Cluster, ClusterAccess, KubeClient } from '../cluster/contract.ts';
import type { Service } from '../diagnosis/scene.ts';
import type { Destination } from '../labs/check-kinds/destination-fields.ts';
import type { KubeObject } from '../mesh/objects.ts';

/** Thrown when a check needs traffic and nobody knows where to send it. */
export class UnknownEntryError extends Error {}

/** Throws UnknownEntryError. */
export function urlOf({ access }: Cluster, path: string): URL {
  if (access.entry === undefined) throw new UnknownEntryError('The cluster has no entry address.');
  return new URL(`${access.entry}${path}`);
}

export interface Address {
  url: URL;
  /** No port leads there: what asks for it is refused before it leaves. */
  closed?: true;
}

export interface Target extends Destination {
  path: string;
}

/** Of the Services that a scene holds. Throws UnknownEntryError. */
export function addressOf(cluster: Cluster, target: Target, services: readonly KubeObject[]): Address {
  const { path, scheme = 'http', service } = target;
  const { access } = cluster;
  const wanted = service ?? ingressPort(scheme);
  const object = services.find(
    ({ kind, metadata }) =>
      kind === 'Service' && metadata.name === wanted.name && metadata.namespace === wanted.namespace,
  ) as Service | undefined;
  if (service) {
    const port = object?.spec?.ports?.find((p) => p.port === service.port);
    if (!port?.nodePort) return closed(scheme, service, path);
    return { url: new URL(`${scheme}://${nodeHost(access)}:${port.nodePort}${path}`) };
  }
  if (scheme === 'http') return { url: urlOf(cluster, path) };
  const secure = access.secureEntry ?? secureEntry(access, object);
  return secure === undefined ? closed(scheme, wanted, path) : { url: new URL(`${secure}${path}`) };
}

/** Asks the cluster for the Service, where one is needed. Rejects with ClusterError, or UnknownEntryError. */
export async function findAddress(cluster: Cluster, target: Target): Promise<Address> {
  if (!target.service && (target.scheme !== 'https' || cluster.access.secureEntry !== undefined))
    return addressOf(cluster, target, []);
  return addressOf(cluster, target, await readService(cluster.client, target));
}

/** `https://hola.example.com/v1`; the path alone where nothing else is said. */
export function printTarget({ path, scheme, server, service }: Target): string {
  const port = service && `${service.name}.${service.namespace}:${service.port}`;
  const host = server ?? port ?? (scheme && 'la entrada');
  return `${scheme ? `${scheme}://` : ''}${host ?? ''}${path}`;
}

async function readService(client: KubeClient, { service, scheme }: Target): Promise<KubeObject[]> {
  const { namespace, name } = service ?? ingressPort(scheme);
  const found = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  return found ? [found] : [];
}

function ingressPort(scheme: 'http' | 'https' | undefined) {
  return { namespace: 'istio-system', name: 'istio-ingressgateway', port: scheme === 'https' ? 443 : 80 };
}

/** NodePorts answer at every node: where the way in is a node's port, its host is one. */
function nodeHost({ nodeHost, entry }: ClusterAccess): string {
  if (nodeHost !== undefined) return nodeHost;
  if (entry === undefined) throw new UnknownEntryError('The cluster has no entry address.');
  return new URL(entry).hostname;
}

/** Beside the entry address: the NodePort of 443 when that is a NodePort, else 443 at the same host. */
function secureEntry({ entry }: ClusterAccess, ingress: Service | undefined): string | undefined {
  if (entry === undefined) throw new UnknownEntryError('The cluster has no entry address.');
  const { hostname, port } = new URL(entry);
  const ports = ingress?.spec?.ports ?? [];
  const secure = ports.find((p) => p.port === 443);
  if (!secure) return undefined;
  const byNode = port !== '' && ports.some((p) => p.nodePort === Number(port));
  return `https://${hostname}:${byNode ? secure.nodePort : 443}`;
}

/** The address names the Service, so that whoever reads it knows what was wanted. */
function closed(scheme: string, { namespace, name, port }: NonNullable<Target['service']>, path: string): Address {
  return { url: new URL(`${scheme}://${name}.${namespace}:${port}${path}`), closed: true };
}
