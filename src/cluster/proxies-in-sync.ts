// Whether the proxies of a mesh have what istiod sent them: what `istioctl proxy-status` tells, by a way that every istiod
// since 1.5 has: its own program, run in its container, asks its debug page on loopback, where no token is needed.
import { fields, text } from '../mesh/read.ts';
import type { KubeClient } from './contract.ts';

export interface ProxiesState {
  /** Every proxy has acknowledged all it was sent, and what was changed at `since` has had its chance to be sent. */
  inSync: boolean;
  /** Connected to istiod. */
  proxies: number;
  /** `pod.namespace` of those that have not acknowledged yet. */
  waiting: string[];
}

export interface SyncQuestion {
  namespace?: string;
  /** Milliseconds since the epoch: when the configuration was last changed. */
  since?: number;
  /** Milliseconds since the epoch. */
  now?: number;
  signal?: AbortSignal;
}

/**
 * istiod waits for 100 ms of calm before it pushes (PILOT_DEBOUNCE_AFTER), and sends nothing to a proxy that a change
 * does not touch: after this long, a push that did not come is not awaited any more.
 */
const SETTLED = 1_000;

type Asked = Pick<KubeClient, 'list' | 'exec'>;

/** Undefined when no istiod runs, or it does not tell. Rejects with ClusterError only when the cluster does not answer. */
export async function proxiesInSync(client: Asked, question: SyncQuestion = {}): Promise<ProxiesState | undefined> {
  const { namespace = 'istio-system', since, now = Date.now(), signal } = question;
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: 'app=istiod' });
  const running = pods.filter(
    ({ status, metadata }) => fields(status).phase === 'Running' && metadata.deletionTimestamp === undefined,
  );
  const answers = await Promise.all(running.map(({ metadata }) => askIstiod(client, namespace, metadata.name, signal)));
  const told = answers.filter((answer) => answer !== undefined);
  if (told.length === 0 || told.length < answers.length) return undefined;
  return judge(told.flat(), since, now);
}

interface ProxyStanding {
  name: string;
  acknowledged: boolean;
  /** Milliseconds since the epoch, of the last thing it was sent. */
  sentAt: number;
}

function judge(proxies: readonly ProxyStanding[], since: number | undefined, now: number): ProxiesState {
  const waiting = proxies.filter((proxy) => !proxy.acknowledged).map(({ name }) => name);
  const sent =
    since === undefined ||
    now - since >= SETTLED ||
    (proxies.length > 0 && proxies.some(({ sentAt }) => sentAt >= since));
  return { inSync: waiting.length === 0 && sent, proxies: proxies.length, waiting };
}

async function askIstiod(
  client: Asked,
  namespace: string,
  pod: string,
  signal: AbortSignal | undefined,
): Promise<ProxyStanding[] | undefined> {
  const { exitCode, stdout } = await client.exec({
    namespace,
    pod,
    container: 'discovery',
    command: ['pilot-discovery', 'request', 'GET', '/debug/syncz'],
    ...(signal && { signal }),
  });
  if (exitCode !== 0) return undefined;
  try {
    const page: unknown = JSON.parse(stdout);
    return Array.isArray(page) ? page.flatMap((entry) => standing(fields(entry))) : undefined;
  } catch {
    return undefined;
  }
}

/** Since 1.27 the page lists resources by type; before, `cluster_sent` and `cluster_acked` beside each other. */
function standing(entry: Readonly<Record<string, unknown>>): ProxyStanding[] {
  const modern = Object.values(fields(entry.resources)).map(fields);
  const older = OLDER.map((type) => ({
    sent: entry[`${type}_sent`],
    acked: entry[`${type}_acked`],
    sentTime: undefined,
  }));
  const states = (modern.length > 0 ? modern : older).filter(({ sent }) => (text(sent) ?? '') !== '');
  // Clients of the debug interface are connected too, and are sent nothing.
  if (states.length === 0) return [];
  const times = states.map(({ sentTime }) => Date.parse(text(sentTime) ?? '')).filter((time) => !Number.isNaN(time));
  return [
    {
      name: text(entry.proxy) ?? '',
      acknowledged: states.every(({ sent, acked }) => sent === acked),
      sentAt: Math.max(Number.NEGATIVE_INFINITY, ...times),
    },
  ];
}

const OLDER = ['cluster', 'listener', 'route', 'endpoint'];
