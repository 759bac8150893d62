// What istiod has sent to each proxy, and whether it was acknowledged.
import { fields, items, text } from '../../../mesh/read.ts';
import { ToolError } from '../../tool.ts';
import { columns } from '../proxy/columns.ts';
import { compareDumps } from '../proxy/compare-dumps.ts';
import { type ConfigDump, readConfigDump } from '../proxy/config-dump.ts';
import { findPod } from '../proxy/find-pod.ts';
import { podRequest } from '../proxy/port-forward.ts';
import { runningIstiods } from '../proxy/running-istiods.ts';
import { type Command, type Invocation, istioNamespaceOf } from './command.ts';

const TYPES = [
  ['CDS', 'type.googleapis.com/envoy.config.cluster.v3.Cluster'],
  ['ECDS', 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig'],
  ['EDS', 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment'],
  ['LDS', 'type.googleapis.com/envoy.config.listener.v3.Listener'],
  ['RDS', 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration'],
] as const;
/** The order in which the short form lists them. */
const SUBSCRIBED = ['CDS', 'LDS', 'EDS', 'RDS', 'ECDS'];

interface Proxy {
  id: string;
  cluster: string;
  istiod: string;
  version: string;
  /** Short type → what was sent and acknowledged. */
  states: ReadonlyMap<string, { sent: string; acked: string; time: number }>;
}

export const proxyStatusCommand: Command = {
  summary: 'Qué configuración tiene cada proxy, y si está al día',
  usage: '[POD[.ESPACIO]]',
  flags: {
    output: { short: 'o', kind: 'text' },
    revision: { short: 'r', kind: 'text' },
    verbosity: { short: 'v', kind: 'text' },
    'xds-label': { kind: 'text' },
  },
  async run(invocation) {
    const { flags, streams, args } = invocation;
    const proxies = await readProxies(invocation);
    const [wanted] = args;
    if (wanted !== undefined) {
      streams.stdout.write(await difference(invocation, wanted, proxies));
      return 0;
    }
    const namespace = flags.text('namespace');
    const chosen = proxies.filter((p) => !namespace || p.id.endsWith(`.${namespace}`));
    if (flags.text('output') === 'json') streams.stdout.write(`${JSON.stringify(chosen.map(asJson), undefined, 4)}\n`);
    else streams.stdout.write(flags.text('verbosity') === '1' ? everyType(chosen, Date.now()) : shortForm(chosen));
    return 0;
  },
};

/** What one proxy runs beside what its istiod generates for it now. */
async function difference(invocation: Invocation, wanted: string, proxies: readonly Proxy[]): Promise<string> {
  const { name, namespace } = await findPod(invocation, wanted);
  const proxy = proxies.find(({ id }) => id === `${name}.${namespace}`);
  if (!proxy) throw new ToolError(`unable to find proxy ${name}.${namespace}: it is not connected to any istiod`);
  const istiod = { namespace: istioNamespaceOf(invocation), pod: proxy.istiod, port: 15_014 };
  const envoy = { namespace, pod: name, port: 15_000 };
  const [sent, running] = await Promise.all([
    podRequest(invocation, istiod, 'GET', `debug/config_dump?proxyID=${encodeURIComponent(proxy.id)}`),
    podRequest(invocation, envoy, 'GET', 'config_dump'),
  ]);
  const dump = readConfigDump(running);
  const differs = compareDumps(readConfigDump(sent), dump);
  const loaded = lastLoaded(dump);
  const told = (kind: string, names: readonly string[], note = '') =>
    names.length === 0
      ? `${kind} Match${note}\n`
      : `${kind} Don't Match${note}\n${names.map((n) => `  ${n}\n`).join('')}`;
  return [
    told('Clusters', differs.clusters),
    told('Listeners', differs.listeners),
    told('Routes', differs.routes, loaded && ` (RDS last loaded at ${loaded})`),
  ].join('');
}

/** As Go writes RFC 1123, in UTC. */
function lastLoaded(dump: ConfigDump): string {
  const times = items(fields(dump.section('RoutesConfigDump')).dynamic_route_configs)
    .map((route) => Date.parse(text(fields(route).last_updated) ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? '' : new Date(Math.max(...times)).toUTCString().replace('GMT', 'UTC');
}

async function readProxies(invocation: Invocation): Promise<Proxy[]> {
  const namespace = istioNamespaceOf(invocation);
  const istiods = await runningIstiods(invocation);
  if (istiods.length === 0) throw new ToolError(`no running Istio pods in "${namespace}"`);
  const lists = await Promise.all(
    istiods.map(async (istiod) => {
      const body = await podRequest(invocation, { namespace, pod: istiod, port: 15_014 }, 'GET', 'debug/syncz');
      return items(JSON.parse(body) as unknown).map((entry) => proxyOf(fields(entry), istiod));
    }),
  );
  // Clients of the debug interface are connected too, but they subscribe to nothing.
  return lists
    .flat()
    .filter((p) => p.states.size > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function proxyOf(entry: Readonly<Record<string, unknown>>, istiod: string): Proxy {
  const resources = fields(entry.resources);
  const states = new Map<string, { sent: string; acked: string; time: number }>();
  for (const [short, type] of TYPES) {
    const { sent, acked, sentTime } = fields(resources[type]);
    if (resources[type] === undefined) continue;
    states.set(short, { sent: text(sent) ?? '', acked: text(acked) ?? '', time: Date.parse(text(sentTime) ?? '') });
  }
  return {
    id: text(entry.proxy) ?? '',
    cluster: text(entry.cluster_id) ?? '',
    version: text(entry.istio_version) ?? '',
    istiod,
    states,
  };
}

function shortForm(proxies: readonly Proxy[]): string {
  const rows = proxies.map(({ id, cluster, istiod, version, states }) => {
    const types = SUBSCRIBED.filter((t) => states.has(t));
    return [id, cluster, istiod, version, `${types.length} (${types.join(',')})`];
  });
  return columns([['NAME', 'CLUSTER', 'ISTIOD', 'VERSION', 'SUBSCRIBED TYPES'], ...rows]);
}

function everyType(proxies: readonly Proxy[], now: number): string {
  const types = TYPES.map(([short]) => short);
  const rows = proxies.map((p) => [
    p.id,
    p.cluster,
    ...types.map((type) => stateText(p.states.get(type), now)),
    p.istiod,
    p.version,
  ]);
  return columns([['NAME', 'CLUSTER', ...types, 'ISTIOD', 'VERSION'], ...rows]);
}

function stateText(state: { sent: string; acked: string; time: number } | undefined, now: number): string {
  if (!state) return 'IGNORED';
  if (state.sent === '') return 'NOT SENT';
  const age = Number.isNaN(state.time) ? '' : ` (${ageText(now - state.time)})`;
  return `${state.sent === state.acked ? 'SYNCED' : 'STALE'}${age}`;
}

/** As Kubernetes writes ages. */
function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

const asJson = ({ id, cluster, istiod, version, states }: Proxy) => ({
  name: id,
  cluster,
  istiod,
  version,
  types: Object.fromEntries(
    [...states].map(([type, { sent, acked }]) => [
      type,
      sent === '' ? 'NOT SENT' : sent === acked ? 'SYNCED' : 'STALE',
    ]),
  ),
});
