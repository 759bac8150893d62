// What Envoy runs in one pod, asked of its own admin page.
import { fields } from '../../../mesh/read.ts';
import type { Flags } from '../../flags.ts';
import { toYaml } from '../../kubectl/printing/serialise.ts';
import { ToolError } from '../../tool.ts';
import { camelCase } from '../proxy/camel-case.ts';
import { CLUSTER_HEADER, clusterRow, selectClusters } from '../proxy/clusters-table.ts';
import { columns } from '../proxy/columns.ts';
import { type ConfigDump, type Fields, readConfigDump } from '../proxy/config-dump.ts';
import { EDS_HEADER, ENDPOINT_HEADER, edsRows, endpointRows } from '../proxy/endpoints-table.ts';
import { findPods, type PodName } from '../proxy/find-pod.ts';
import { LISTENER_HEADER, listenerRows, selectListeners } from '../proxy/listeners-table.ts';
import { changeLevels } from '../proxy/logger-levels.ts';
import { podRequest } from '../proxy/port-forward.ts';
import { ROUTE_HEADER, routeRows, selectRoutes } from '../proxy/routes-table.ts';
import { SECRET_HEADER, secretRows } from '../proxy/secrets-table.ts';
import type { Command, Invocation } from './command.ts';
import { readInput } from './install.ts';

export const proxyConfigCommand: Command = {
  summary: 'Lo que tiene puesto el Envoy de un pod: clústeres, oyentes, rutas, extremos, secretos, registro',
  usage: '(all|bootstrap|cluster|eds|endpoint|listener|log|route|secret) POD[.ESPACIO]',
  flags: {
    address: { kind: 'text' },
    cluster: { kind: 'text' },
    direction: { kind: 'text' },
    file: { short: 'f', kind: 'text' },
    fqdn: { kind: 'text' },
    level: { kind: 'text' },
    name: { kind: 'text' },
    output: { short: 'o', kind: 'text' },
    port: { kind: 'text' },
    'proxy-admin-port': { kind: 'text' },
    reset: { short: 'r', kind: 'bool' },
    status: { kind: 'text' },
    subset: { kind: 'text' },
    type: { kind: 'text' },
    verbose: { kind: 'bool' },
  },
  async run(invocation) {
    const { args, streams, flags } = invocation;
    const [kind = '', pod] = args;
    const view = views.get(kind);
    if (!view)
      throw new ToolError(
        kind === ''
          ? 'unknown command: specify a type of configuration'
          : `unknown command "${kind}" for "istioctl proxy-config"`,
      );
    const file = flags.text('file');
    if (pod === undefined && file === undefined) throw new ToolError(`${kind} requires pod name or --file parameter`);
    const source = createSource(invocation, pod, file);
    streams.stdout.write(await view(source, invocation));
    return 0;
  },
};

interface Source {
  dump(query?: string): Promise<ConfigDump>;
  /** An admin page of the pod's Envoy. */
  admin(method: string, path: string, pod?: PodName): Promise<string>;
  /** All that were named. */
  pods(): Promise<PodName[]>;
}

type View = (source: Source, invocation: Invocation) => Promise<string>;

const views = new Map<string, View>();
const define = (names: string, view: View) =>
  names.split(' ').forEach((name) => {
    views.set(name, view);
  });

define('cluster clusters c', async (source, { flags }) => {
  const direction = flags.text('direction');
  const filter = {
    fqdn: flags.text('fqdn'),
    port: portOf(flags.text('port')),
    subset: flags.text('subset'),
    direction,
  };
  const clusters = selectClusters(await source.dump(), filter);
  if (wantsData(flags)) return data(clusters.map(untyped), flags);
  return columns([CLUSTER_HEADER, ...clusters.map(clusterRow)]);
});

define('listener listeners l', async (source, { flags }) => {
  const filter = { address: flags.text('address'), port: portOf(flags.text('port')), type: flags.text('type') };
  const listeners = selectListeners(await source.dump(), filter);
  if (wantsData(flags)) return data(listeners.map(untyped), flags);
  return columns([LISTENER_HEADER, ...listeners.flatMap(listenerRows)], 1);
});

define('route routes r', async (source, { flags }) => {
  const routes = selectRoutes(await source.dump(), flags.text('name'));
  if (wantsData(flags)) return data(routes.map(untyped), flags);
  return columns([ROUTE_HEADER, ...routes.flatMap(routeRows)]);
});

define('endpoint endpoints ep', async (source, { flags }) => {
  const text = await source.admin('GET', 'clusters?format=json');
  if (wantsData(flags)) return data(fields(JSON.parse(text) as unknown).cluster_statuses, flags);
  const filter = {
    address: flags.text('address'),
    port: portOf(flags.text('port')),
    cluster: flags.text('cluster'),
    status: flags.text('status'),
  };
  return columns([ENDPOINT_HEADER, ...endpointRows(text, filter)]);
});

define('eds', async (source, { flags }) => {
  const dump = await source.dump('include_eds');
  if (wantsData(flags)) return data(dump.endpoints.map(untyped), flags);
  return columns([EDS_HEADER, ...edsRows(dump)]);
});

define('secret secrets s', async (source, { flags }) => {
  const dump = await source.dump();
  if (wantsData(flags)) return data(dump.section('SecretsConfigDump'), flags);
  return columns([SECRET_HEADER, ...secretRows(dump, Date.now())]);
});

define('bootstrap b', async (source, { flags }) => {
  return data(untyped(fields((await source.dump()).section('BootstrapConfigDump'))), flags);
});

define('log o', async (source, { flags }) => {
  const texts: string[] = [];
  for (const { name, namespace } of await source.pods()) {
    const post = (path: string) => source.admin('POST', path, { name, namespace });
    const levels = await changeLevels(post, flags.text('level'), flags.bool('reset') === true);
    texts.push(`${name}.${namespace}:\n${levels}`);
  }
  return texts.join('');
});

define('all', async (source, { flags }) => {
  const dump = await source.dump('include_eds');
  if (wantsData(flags)) return data({ configs: dump.sections }, flags);
  const clusters = selectClusters(dump, {});
  // A cluster whose name is not in four parts stands for its own host there, with the prefix of its kind.
  const clusterRows = clusters.map((cluster) => {
    const name = `cluster/${String(cluster.name)}`;
    const [fqdn = '', ...rest] = clusterRow(cluster);
    return [name, fqdn === cluster.name ? name : fqdn, ...rest];
  });
  const prefixed = (prefix: string, rows: string[][]) =>
    rows.map(([name = '', ...rest]) => [`${prefix}/${name}`, ...rest]);
  const listenerNames = selectListeners(dump, {}).flatMap((listener) =>
    listenerRows(listener).map((row) => [`listener/${String(listener.name)}`, ...row]),
  );
  const tables = [
    versions(dump),
    columns([['NAME', ...CLUSTER_HEADER], ...clusterRows]),
    columns([['NAME', ...LISTENER_HEADER], ...listenerNames], 1),
    columns([ROUTE_HEADER, ...prefixed('route', selectRoutes(dump, undefined).flatMap(routeRows))]),
    columns([SECRET_HEADER, ...prefixed('secret', secretRows(dump, Date.now()))]),
    columns([EDS_HEADER, ...prefixed('endpoint', edsRows(dump))]),
  ];
  return tables.join('\n');
});

function versions({ bootstrap }: ConfigDump): string {
  const { metadata, user_agent_build_version: build } = fields(bootstrap.node);
  const { ISTIO_VERSION, ISTIO_PROXY_SHA } = fields(metadata);
  const { major_number = 0, minor_number = 0, patch = 0 } = fields(fields(build).version);
  const facts = fields(fields(build).metadata);
  const envoy = [
    `${major_number}.${minor_number}.${patch}`,
    facts['revision.status'],
    facts['build.type'],
    facts['ssl.version'],
  ];
  return columns(
    [
      ['Istio Version:', String(ISTIO_VERSION ?? '')],
      ['Istio Proxy Version:', String(ISTIO_PROXY_SHA ?? '')],
      ['Envoy Version:', envoy.join('/')],
    ],
    1,
  );
}

function createSource(invocation: Invocation, pod: string | undefined, file: string | undefined): Source {
  let found: Promise<PodName[]> | undefined;
  const port = portOf(invocation.flags.text('proxy-admin-port')) ?? 15_000;
  const source: Source = {
    pods() {
      found ??= findPods(invocation, pod ?? '');
      return found;
    },
    async admin(method, path, chosen) {
      if (pod === undefined) throw new ToolError('a pod name is needed: the file has only the configuration');
      const target = chosen ?? (await source.pods())[0];
      if (!target) throw new ToolError(`no pods found for ${pod}`);
      return podRequest(invocation, { namespace: target.namespace, pod: target.name, port }, method, path);
    },
    async dump(query) {
      const text =
        file === undefined
          ? await source.admin('GET', `config_dump${query ? `?${query}` : ''}`)
          : await readInput(file, invocation);
      try {
        return readConfigDump(text);
      } catch {
        throw new ToolError('error unmarshalling config dump response from Envoy');
      }
    },
  };
  return source;
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return text === undefined || !Number.isInteger(port) || port <= 0 ? undefined : port;
}

function wantsData(flags: Flags): boolean {
  const output = flags.text('output');
  if (output === undefined || output === 'short') return false;
  if (output === 'json' || output === 'yaml') return true;
  throw new ToolError(`output format "${output}" not supported`);
}

/** A message by itself says nothing of its type; inside an Any it does. */
function untyped(message: Fields): Fields {
  const copy = { ...message };
  delete copy['@type'];
  return copy;
}

function data(value: unknown, flags: Flags): string {
  const named = camelCase(value);
  return flags.text('output') === 'yaml' ? toYaml(named) : `${JSON.stringify(named, undefined, 4)}\n`;
}
