// /metrics: what this server has answered and keeps, under the names of the API server's own figures.
import type { FullRegistry } from '../registry.ts';
import type { ApiReply } from './request.ts';

export interface ServerMetrics {
  /** `asked` is undefined for what is no resource. */
  answered(asked: Asked | undefined, method: string, code: number): void;
  /** Discovery was put together once more. */
  discovered(): void;
  reply(registry: FullRegistry): ApiReply;
}

export interface Asked {
  verb: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  scope: 'cluster' | 'namespace' | 'resource' | '';
}

/** Families of figures are told apart by labels; of more than these, nobody would want to read. */
const MOST = 2_000;

/** `started` in milliseconds. */
export function createServerMetrics(started: number): ServerMetrics {
  const requests = new Map<string, number>();
  let aggregations = 0;
  return {
    answered(asked, method, code) {
      const { verb = method, group = '', version = '', resource = '', subresource = '', scope = '' } = asked ?? {};
      const labels = { code, component: 'apiserver', dry_run: '', group, resource, scope, subresource, verb, version };
      const key = written({ ...labels, verb: verb.toUpperCase() });
      if (requests.size < MOST || requests.has(key)) requests.set(key, (requests.get(key) ?? 0) + 1);
    },
    discovered() {
      aggregations += 1;
    },
    reply(registry) {
      const kept = registry.kinds.all().map(({ group, plural }): [string, number] => {
        const name = group === '' ? plural : `${plural}.${group}`;
        return [written({ resource: name }), registry.list(group === '' ? plural : `${group}/${plural}`).length];
      });
      const { rss } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const families = [
        family(
          'aggregator_discovery_aggregation_count_total',
          'counter',
          '[ALPHA] Counter of number of times discovery was aggregated',
          [['', aggregations]],
        ),
        family(
          'apiserver_request_total',
          'counter',
          '[STABLE] Requests that were answered, by what they asked for and the code they got.',
          [...requests],
        ),
        family('apiserver_storage_objects', 'gauge', '[STABLE] Stored objects of each resource.', kept),
        family('process_cpu_seconds_total', 'counter', 'User and system time, in seconds.', [
          ['', (user + system) / 1e6],
        ]),
        family('process_resident_memory_bytes', 'gauge', 'Resident memory, in bytes.', [['', rss]]),
        family('process_start_time_seconds', 'gauge', 'When the process began, in seconds of Unix time.', [
          ['', started / 1000],
        ]),
      ];
      return {
        status: 200,
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' },
        body: families.join(''),
      };
    },
  };
}

function family(name: string, type: string, help: string, samples: [labels: string, value: number][]): string {
  const lines = samples
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function written(labels: Record<string, string | number>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(String(value))}`);
  return `{${pairs.join(',')}}`;
}
