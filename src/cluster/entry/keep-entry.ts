// The entry address of a cluster that is not Malla's own, kept up to date: the gateway comes with Istio, and a new
// installation gives it other ports.
import { ClusterError } from '../cluster-error.ts';
import type { ClusterAccess, KubeClient } from '../contract.ts';
import type { WayIn } from '../kubeconfig.ts';
import {
  findLastingEntry,
  findNodeHost,
  type GatewayService,
  type HeldEntry,
  holdEntry,
  usualGateway,
} from './find-entry.ts';
import { knownNodePorts } from './known-node-ports.ts';
import type { Probe } from './reachable.ts';

export interface KeepEntryOptions {
  client: KubeClient;
  way: () => Promise<WayIn>;
  signal: AbortSignal;
  /** Addresses of this machine that lead to the known NodePorts, where the cluster was made so. */
  published?: Pick<Entry, 'entry' | 'secureEntry'>;
  /** What `access` holds while nothing is found, or may not be looked for. */
  otherwise?: Entry;
  gateway?: GatewayService;
  probe?: Probe;
}

/**
 * What it returns looks for the way in and writes it in `access`; while the gateway's Service stays the same, that is
 * one request. Without a gateway there is no entry. Never rejects: whoever needs the cluster finds out by itself.
 */
export function keepEntry(access: ClusterAccess, options: KeepEntryOptions): () => Promise<void> {
  const { client, gateway = usualGateway, published = {}, otherwise = {} } = options;
  write(otherwise);
  let seen: string | undefined;
  let held: HeldEntry | undefined;

  return async () => {
    try {
      const service = (await client.get({ apiVersion: 'v1', kind: 'Service', ...gateway })) as Service | undefined;
      const print = service && JSON.stringify([service.metadata.uid, service.spec, service.status]);
      if (print !== undefined && print === seen) return;
      held?.close();
      held = undefined;
      seen = undefined;
      write(otherwise);
      const found = await (isPublished(service, published) ? viaThisMachine(options, published) : hold(options));
      access.nodeHost ??= found?.nodeHost ?? (await findNodeHost(options));
      if (!found) return;
      if ('close' in found) held = found;
      write({ ...found, nodeHost: found.nodeHost ?? access.nodeHost });
      seen = print;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
    }
  };

  function write({ entry, secureEntry, nodeHost }: Entry): void {
    Object.assign(access, { entry, secureEntry, nodeHost });
  }
}

export interface Entry {
  entry?: string | undefined;
  secureEntry?: string | undefined;
  nodeHost?: string | undefined;
}

type Service = Awaited<ReturnType<KubeClient['get']>> & { spec?: { ports?: { port: number; nodePort?: number }[] } };

function isPublished(service: Service | undefined, { entry }: Entry): boolean {
  const plain = service?.spec?.ports?.find((p) => p.port === 80);
  return entry !== undefined && plain?.nodePort === knownNodePorts.plain;
}

/** Other Services' NodePorts are at the nodes, if this machine gets to them. */
async function viaThisMachine(options: KeepEntryOptions, published: Entry): Promise<Entry> {
  const found = await findLastingEntry(options);
  return { ...published, nodeHost: 'nodeHost' in found ? found.nodeHost : undefined };
}

async function hold(options: KeepEntryOptions): Promise<HeldEntry | undefined> {
  const found = await holdEntry(options);
  return 'entry' in found ? found : undefined;
}
