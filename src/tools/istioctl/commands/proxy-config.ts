// What Envoy runs in one pod, asked of its own admin page.
import { fields } from '../../../mesh/read.ts';
import { ToolError } from '../../tool.ts';
import { camelCase } from '../proxy/camel-case.ts';
import { CLUSTER_HEADER, clusterRow, selectClusters } from '../proxy/clusters-table.ts';
import { columns } from '../proxy/columns.ts';
import { type ConfigDump, readConfigDump } from '../proxy/config-dump.ts';
import { EDS_HEADER, ENDPOINT_HEADER, edsRows, endpointRows } from '../proxy/endpoints-table.ts';
import { findPod, type PodName } from '../proxy/find-pod.ts';
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
  admin(method: string, path: string): Promise<string>;
  pod(): Promise<PodName>;
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
  if (wantsJson(flags.text('output'))) return json(clusters);
  return columns([CLUSTER_HEADER, ...clusters.map(clusterRow)]);
});

define('listener listeners l', async (source, { flags }) => {
  const filter = { address: flags.text('address'), port: portOf(flags.text('port')), type: flags.text('type') };
  const listeners = selectListeners(await source.dump(), filter);
  if (wantsJson(flags.text('output'))) return json(listeners);
  return columns([LISTENER_HEADER, ...listeners.flatMap(listenerRows)], 1);
});

define('route routes r', async (source, { flags }) => {
  const routes = selectRoutes(await source.dump(), flags.text('name'));
  if (wantsJson(flags.text('output'))) return json(routes);
  return columns([ROUTE_HEADER, ...routes.flatMap(routeRows)]);
});

define('endpoint endpoints ep', async (source, { flags }) => {
  const text = await source.admin('GET', 'clusters?format=json');
  if (wantsJson(flags.text('output'))) return json(fields(JSON.parse(text) as unknown).cluster_statuses);
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
  if (wantsJson(flags.text('output'))) return json(dump.endpoints);
  return columns([EDS_HEADER, ...edsRows(dump)]);
});

define('secret secrets s', async (source, { flags }) => {
  const dump = await source.dump();
  if (wantsJson(flags.text('output'))) return json(dump.section('SecretsConfigDump'));
  return columns([SECRET_HEADER, ...secretRows(dump, Date.now())]);
});

define('bootstrap b', async (source) => {
  const section = { ...fields((await source.dump()).section('BootstrapConfigDump')) };
  delete section['@type'];
  return json(section);
});

define('log o', async (source, { flags }) => {
  const { name, namespace } = await source.pod();
  const levels = await changeLevels(
    (path) => source.admin('POST', path),
    flags.text('level'),
    flags.bool('reset') === true,
  );
  return `${name}.${namespace}:\n${levels}\n`;
});

define('all', async (source, { flags }) => {
  const dump = await source.dump('include_eds');
  if (wantsJson(flags.text('output')))
    return json(
      dump.section('BootstrapConfigDump') ? await source.admin('GET', 'config_dump?include_eds').then(JSON.parse) : {},
    );
  const clusters = selectClusters(dump, {}).map(clusterRow);
  const named = (prefix: string, rows: string[][], name: (row: string[]) => string) =>
    rows.map((row) => [`${prefix}/${name(row)}`, ...row]);
  const parts = [
    columns([CLUSTER_HEADER, ...clusters]),
    columns([LISTENER_HEADER, ...selectListeners(dump, {}).flatMap(listenerRows)], 1),
    columns([ROUTE_HEADER, ...selectRoutes(dump, undefined).flatMap(routeRows)]),
    columns([SECRET_HEADER, ...secretRows(dump, Date.now())]),
    columns([
      EDS_HEADER,
      ...named('endpoint', edsRows(dump), (row) => row[0] ?? '').map(([first = '', , ...rest]) => [first, ...rest]),
    ]),
  ];
  return parts.join('\n');
});

function createSource(invocation: Invocation, pod: string | undefined, file: string | undefined): Source {
  let found: Promise<PodName> | undefined;
  const port = portOf(invocation.flags.text('proxy-admin-port')) ?? 15_000;
  const source: Source = {
    pod() {
      found ??= findPod(invocation, pod ?? '');
      return found;
    },
    async admin(method, path) {
      if (pod === undefined) throw new ToolError('a pod name is needed: the file has only the configuration');
      const { namespace, name } = await source.pod();
      return podRequest(invocation, { namespace, pod: name, port }, method, path);
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

function wantsJson(output: string | undefined): boolean {
  if (output === undefined || output === 'short') return false;
  if (output === 'json') return true;
  throw new ToolError(`output format "${output}" not supported`);
}

const json = (value: unknown) => `${JSON.stringify(camelCase(value), undefined, 4)}\n`;
