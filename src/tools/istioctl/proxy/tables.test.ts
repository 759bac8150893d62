import { expect, test } from 'vitest';
import { camelCase } from './camel-case.ts';
import { clusterRow, selectClusters } from './clusters-table.ts';
import { columns } from './columns.ts';
import { readConfigDump } from './config-dump.ts';
import { nameAndNamespace } from './find-pod.ts';
import { listenerRows } from './listeners-table.ts';
import { changeLevels } from './logger-levels.ts';
import { routeRows, selectRoutes } from './routes-table.ts';

test('columns are as wide as their widest cell and a gap; the last is not filled', () => {
  expect(
    columns(
      [
        ['A', 'B'],
        ['long', 'x'],
        ['ñandú', ''],
      ],
      2,
    ),
  ).toBe('A      B\nlong   x\nñandú  \n');
});

const dumpOf = (section: string, content: object) =>
  readConfigDump(
    JSON.stringify({ configs: [{ '@type': `type.googleapis.com/envoy.admin.v3.${section}`, ...content }] }),
  );

test('clusters are sorted by host, port and subset, and say which DestinationRule they come from', () => {
  const config = '/apis/networking.istio.io/v1/namespaces/default/destination-rule/web';
  const metadata = { filter_metadata: { istio: { config } } };
  const names = ['outbound|9080||web', 'outbound|80|v1|web', 'outbound|80||web', 'agent'];
  const dump = dumpOf('ClustersConfigDump', {
    dynamic_active_clusters: names.map((name) => ({ cluster: { name, type: 'EDS', metadata } })),
  });
  expect(selectClusters(dump, {}).map(clusterRow)).toEqual([
    ['agent', '-', '-', '-', 'EDS', 'web.default'],
    ['web', '80', '-', 'outbound', 'EDS', 'web.default'],
    ['web', '80', 'v1', 'outbound', 'EDS', 'web.default'],
    ['web', '9080', '-', 'outbound', 'EDS', 'web.default'],
  ]);
  expect(selectClusters(dump, { fqdn: 'we', port: 80, subset: 'v1' })).toHaveLength(1);
});

test('a listener has a row for each chain: what it matches and where it leads', () => {
  const tcp = (cluster: string) => [{ name: 'envoy.filters.network.tcp_proxy', typed_config: { cluster } }];
  const listener = {
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [
      {
        filter_chain_match: { transport_protocol: 'tls', application_protocols: ['istio-peer-exchange', 'istio'] },
        filters: tcp('inbound|80||'),
      },
      { filter_chain_match: { server_names: ['a.example'], destination_port: 443 }, filters: tcp('BlackHoleCluster') },
    ],
    default_filter_chain: { filters: tcp('PassthroughCluster') },
  };
  expect(listenerRows(listener).map((row) => row.slice(2))).toEqual([
    ['ALL', 'PassthroughCluster'],
    ['SNI: a.example; Addr: *:443', 'Non-HTTP/Non-TCP'],
    ['Trans: tls; App: TCP TLS', 'Cluster: inbound|80||'],
  ]);
});

test('routes show the shortest names of their hosts', () => {
  const domains = ['web.ns.svc.cluster.local', 'web.ns.svc.cluster.local.', 'web', 'web.ns.svc', 'web.ns', '10.0.0.1'];
  const configuration = {
    name: '80',
    virtual_hosts: [
      { name: 'web:80', domains, routes: [{ match: { prefix: '/api' } }, { match: { safe_regex: { regex: 'x' } } }] },
      { name: 'empty', domains: ['*'] },
    ],
  };
  expect(routeRows(configuration).map((row) => row.slice(2, 4))).toEqual([
    ['web.ns.svc.cluster.local., web + 2 more...', '/api*'],
    ['web.ns.svc.cluster.local., web + 2 more...', 'regex x'],
    ['*', '/*'],
  ]);
  const dump = dumpOf('RoutesConfigDump', {
    dynamic_route_configs: ['9080', 'x:1', '80'].map((name) => ({ route_config: { name } })),
  });
  expect(selectRoutes(dump, '80')).toHaveLength(1);
});

test('keys become camelCase, but not those of maps and free-form objects', () => {
  const message = {
    stat_prefix: 'a',
    metadata: { filter_metadata: { istio: { alpn_override: 'x' } } },
    typed_per_filter_config: { 'a.b_c': { max_age: 1 } },
  };
  expect(camelCase(message)).toEqual({
    statPrefix: 'a',
    metadata: { filterMetadata: { istio: { alpn_override: 'x' } } },
    typedPerFilterConfig: { 'a.b_c': { maxAge: 1 } },
  });
});

test.each([
  [undefined, 'logging'],
  ['debug', 'logging?level=debug'],
  ['http:debug,router=warn', 'logging?paths=http:debug,router:warning'],
  ['none', 'logging?level=off'],
])('the level %j is asked of Envoy as %s', async (level, path) => {
  const asked: string[] = [];
  await changeLevels(
    async (p) => {
      asked.push(p);
      return '';
    },
    level,
    false,
  );
  expect(asked).toEqual([path]);
});

test('a name may carry its namespace', () => {
  expect(nameAndNamespace('web-1.shop', 'default')).toEqual(['web-1', 'shop']);
  expect(nameAndNamespace('web-1', 'default')).toEqual(['web-1', 'default']);
});

test.each(['{}', '{"configs": 3}', '{"configs": [null, {"@type": 4}]}', '[]'])(
  'a dump like %s has nothing in it',
  (text) => {
    const dump = readConfigDump(text);
    expect([dump.clusters, dump.listeners, dump.routes, dump.secrets]).toEqual([[], [], [], []]);
  },
);
