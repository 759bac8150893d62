// Prometheus' HTTP API, version 1, as far as dashboards, Kiali and the views ask it.
import { QueryExecutionError, QueryParseError, QueryTimeout } from '../../../promql/errors.ts';
import { byLabels, type Labels } from '../../../promql/labels.ts';
import { parseSelector, type QueryEngine, type QueryResult, type SeriesPoints } from '../../../promql/query.ts';
import { formatValue } from '../../../promql/text.ts';
import type { HttpReply } from '../../contract.ts';
import { parseDurationParameter, parseTime } from './parameters.ts';
import type { Scraper } from './scraper.ts';
import type { SeriesStore } from './series-store.ts';
import { targetsPage } from './targets-page.ts';

export interface PrometheusServer {
  engine: QueryEngine;
  store: SeriesStore;
  scraper: Pick<Scraper, 'targets' | 'metadata'>;
  version: string;
  startedAt: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The configuration as written. */
  configuration(): string;
  /** Arguments of the program, `--flag=value`. */
  flags: readonly string[];
}

/** `path` is what follows /api/v1/. */
export function answerApi(server: PrometheusServer, path: string, parameters: URLSearchParams): HttpReply {
  try {
    const page = find(path);
    if (!page)
      return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };
    return success(page(server, parameters, path));
  } catch (error) {
    return failure(error);
  }
}

/** Something is wrong with a parameter of the request. */
class BadParameter extends Error {}

type Page = (server: PrometheusServer, parameters: URLSearchParams, path: string) => unknown;

function find(path: string): Page | undefined {
  if (/^label\/[^/]+\/values$/.test(path)) return labelValues;
  return Object.hasOwn(pages, path) ? pages[path] : undefined;
}

const pages: Record<string, Page> = {
  query(server, parameters) {
    const time = timeOf(parameters, 'time') ?? server.now();
    return instantData(guarded(parameters, (query) => server.engine.instant(query, time)));
  },
  query_range(server, parameters) {
    const [start, end] = [requiredTime(parameters, 'start'), requiredTime(parameters, 'end')];
    if (end < start) throw invalid('end', 'end timestamp must not be before start time');
    const step = parseDurationParameter(parameters.get('step') ?? '');
    if (step === undefined)
      throw invalid('step', `cannot parse ${JSON.stringify(parameters.get('step') ?? '')} to a valid duration`);
    if (step <= 0)
      throw invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer');
    if ((end - start) / step > 11_000) {
      throw new BadParameter(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    return instantData(guarded(parameters, (query) => server.engine.range(query, { start, end, step })));
  },
  series(server, parameters) {
    if (!parameters.has('match[]')) throw new BadParameter('no match[] parameter provided');
    return matching(server, parameters).map((labels) => labels.toObject());
  },
  labels: (server, parameters) =>
    sortedSet(matching(server, parameters).flatMap(({ pairs }) => pairs.map(([name]) => name))),
  metadata(server, parameters) {
    const only = parameters.get('metric');
    const limit = Number(parameters.get('limit') ?? -1);
    const all = [...server.scraper.metadata()].filter(([name]) => only === null || name === only);
    const some = limit >= 0 ? all.slice(0, limit) : all;
    return Object.fromEntries(some.map(([name, { type, help }]) => [name, [{ type, help, unit: '' }]]));
  },
  targets: (server, parameters) => targetsPage(server.scraper.targets(), parameters.get('state') ?? 'any'),
  rules: () => ({ groups: [] }),
  alerts: () => ({ alerts: [] }),
  alertmanagers: () => ({ activeAlertmanagers: [], droppedAlertmanagers: [] }),
  'status/buildinfo': ({ version }) => ({
    version,
    revision: 'malla',
    branch: 'HEAD',
    buildUser: 'malla',
    buildDate: '',
    goVersion: '',
  }),
  'status/config': (server) => ({ yaml: server.configuration() }),
  'status/flags': ({ flags }) =>
    Object.fromEntries(
      flags.flatMap((flag) => {
        const [, name = '', value = 'true'] = /^--([^=]+)(?:=(.*))?$/.exec(flag) ?? [];
        return name ? [[name, value]] : [];
      }),
    ),
  'status/runtimeinfo': ({ startedAt, store }) => ({
    startTime: new Date(startedAt).toISOString(),
    timeSeriesCount: store.size,
    storageRetention: '1h',
  }),
};

const labelValues: Page = (server, parameters, path) => {
  const name = labelName(path.slice('label/'.length, -'/values'.length));
  return sortedSet(matching(server, parameters).flatMap((labels) => labels.get(name) || []));
};

function labelName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new BadParameter(`invalid label name: ${JSON.stringify(encoded)}`);
  }
}

function guarded<T>(parameters: URLSearchParams, run: (query: string) => T): T {
  try {
    return run(parameters.get('query') ?? '');
  } catch (error) {
    if (error instanceof QueryParseError) throw invalid('query', error.message);
    throw error;
  }
}

/** Labels of the series that any match[] selects (all without one), sorted, each once. */
function matching(server: PrometheusServer, parameters: URLSearchParams): Labels[] {
  const from = timeOf(parameters, 'start') ?? -Infinity;
  const to = timeOf(parameters, 'end') ?? Infinity;
  const selectors = parameters.getAll('match[]').map((text) => {
    try {
      return parseSelector(text);
    } catch (error) {
      throw error instanceof QueryParseError ? invalid('match[]', error.message) : error;
    }
  });
  const found = (selectors.length > 0 ? selectors : [[]]).flatMap((matchers) =>
    server.store.labels(matchers, from, to),
  );
  const byKey = new Map(found.map((labels) => [labels.key, labels]));
  return [...byKey.values()].sort(byLabels);
}

function instantData(result: QueryResult): unknown {
  switch (result.type) {
    case 'vector':
      return {
        resultType: 'vector',
        result: result.samples.map(({ labels, value }) => ({
          metric: labels.toObject(),
          value: point(result.time, value),
        })),
      };
    case 'matrix':
      return { resultType: 'matrix', result: result.series.map(seriesData) };
    case 'scalar':
      return { resultType: 'scalar', result: point(result.time, result.value) };
    case 'string':
      return { resultType: 'string', result: [result.time / 1000, result.text] };
  }
}

function seriesData({ labels, times, values }: SeriesPoints): unknown {
  return { metric: labels.toObject(), values: times.map((time, i) => point(time, values[i] ?? 0)) };
}

const point = (time: number, value: number): [number, string] => [time / 1000, formatValue(value)];

function timeOf(parameters: URLSearchParams, name: string): number | undefined {
  const written = parameters.get(name);
  if (written === null || written === '') return undefined;
  const time = parseTime(written);
  if (time === undefined) throw invalid(name, `cannot parse ${JSON.stringify(written)} to a valid timestamp`);
  return time;
}

function requiredTime(parameters: URLSearchParams, name: string): number {
  const time = timeOf(parameters, name);
  if (time === undefined) throw invalid(name, 'cannot parse "" to a valid timestamp');
  return time;
}

const invalid = (name: string, message: string): BadParameter =>
  new BadParameter(`invalid parameter ${JSON.stringify(name)}: ${message}`);

const sortedSet = (values: readonly string[]): string[] => [...new Set(values)].sort();

const JSON_HEADERS = { 'content-type': 'application/json' };

function success(data: unknown): HttpReply {
  return { status: 200, headers: { ...JSON_HEADERS }, body: JSON.stringify({ status: 'success', data }) };
}

function failure(error: unknown): HttpReply {
  const [status, errorType] =
    error instanceof BadParameter || error instanceof QueryParseError
      ? [400, 'bad_data']
      : error instanceof QueryExecutionError
        ? [422, 'execution']
        : error instanceof QueryTimeout
          ? [503, 'timeout']
          : [500, 'internal'];
  const message = error instanceof Error ? error.message : String(error);
  return { status, headers: { ...JSON_HEADERS }, body: JSON.stringify({ status: 'error', errorType, error: message }) };
}
