// What Telemetry objects change of the standard metrics: metrics switched off, labels removed, added or rewritten.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, items, text } from '../../../mesh/read.ts';
import { allValues } from '../../../mesh/repeated-headers.ts';
import type { PushedMesh } from '../../mesh-facts.ts';
import type { ProxyRecord } from '../../traffic.ts';
import { compileCel } from '../log-filter.ts';
import { indexTelemetries } from '../telemetry-objects.ts';
import type { MetricLabel } from './record-labels.ts';

export interface MetricPolicy {
  /** Another number once anything of it may have changed. */
  version(): number;
  /** Undefined: this metric is not kept. */
  labelsOf(record: ProxyRecord, metric: string, labels: readonly MetricLabel[]): readonly MetricLabel[] | undefined;
  /** What labels depend on beside the kind of the request; mostly empty. */
  keyOf(record: ProxyRecord): string;
}

/** `mesh` is asked for each record and gives another object after each push. */
export function createMetricPolicy(mesh: () => PushedMesh): MetricPolicy {
  let known: PushedMesh | undefined;
  let version = 0;
  let telemetries = indexTelemetries({ objects: [], rootNamespace: '' });
  let byPod = new WeakMap<KubeObject, Override[]>();

  function refresh(): void {
    const current = mesh();
    if (current === known) return;
    known = current;
    const before = telemetries.all;
    telemetries = indexTelemetries(current);
    byPod = new WeakMap();
    // Most pushes change no Telemetry, and then what was worked out stays good.
    const { all } = telemetries;
    if (before.length !== all.length || before.some((t, i) => t !== all[i])) version++;
  }

  function overridesOf(record: ProxyRecord): readonly Override[] {
    refresh();
    if (telemetries.all.length === 0) return NONE;
    let overrides = byPod.get(record.pod);
    if (!overrides) {
      overrides = overridesIn(telemetries.for(record.pod));
      byPod.set(record.pod, overrides);
    }
    return overrides;
  }

  return {
    version() {
      refresh();
      return version;
    },
    labelsOf(record, metric, labels) {
      let current: readonly MetricLabel[] | undefined = labels;
      const mode = record.reporter === 'source' ? 'CLIENT' : 'SERVER';
      for (const override of overridesOf(record)) {
        if (override.mode !== mode && override.mode !== 'CLIENT_AND_SERVER') continue;
        if (override.metric !== 'ALL_METRICS' && METRICS[override.metric] !== metric) continue;
        if (override.disabled !== undefined) current = override.disabled ? undefined : (current ?? labels);
        current = current && retagged(current, override, record);
      }
      return current;
    },
    keyOf(record) {
      const overrides = overridesOf(record);
      if (overrides.length === 0) return '';
      return overrides.flatMap(({ tags }) => tags.map(({ value }) => value?.(record) ?? '')).join('|');
    },
  };
}

const NONE: readonly Override[] = [];

/** Istio's names of metrics, and those of Prometheus. */
const METRICS: Record<string, string | undefined> = {
  REQUEST_COUNT: 'istio_requests_total',
  REQUEST_DURATION: 'istio_request_duration_milliseconds',
  REQUEST_SIZE: 'istio_request_bytes',
  RESPONSE_SIZE: 'istio_response_bytes',
  TCP_OPENED_CONNECTIONS: 'istio_tcp_connections_opened_total',
  TCP_CLOSED_CONNECTIONS: 'istio_tcp_connections_closed_total',
  TCP_SENT_BYTES: 'istio_tcp_sent_bytes_total',
  TCP_RECEIVED_BYTES: 'istio_tcp_received_bytes_total',
  GRPC_REQUEST_MESSAGES: 'istio_request_messages_total',
  GRPC_RESPONSE_MESSAGES: 'istio_response_messages_total',
};

interface Override {
  metric: string;
  mode: string;
  disabled: boolean | undefined;
  tags: readonly TagOverride[];
}

interface TagOverride {
  name: string;
  /** Undefined: the label is removed. */
  value?: (record: ProxyRecord) => string;
}

function overridesIn(telemetries: readonly KubeObject[]): Override[] {
  return telemetries.flatMap(({ spec }) =>
    items(fields(spec).metrics).flatMap((entry) => items(fields(entry).overrides).map(readOverride)),
  );
}

function readOverride(value: unknown): Override {
  const { match, disabled, tagOverrides } = fields(value);
  const { metric, mode } = fields(match);
  return {
    metric: text(metric) ?? 'ALL_METRICS',
    mode: text(mode) ?? 'CLIENT_AND_SERVER',
    disabled: typeof disabled === 'boolean' ? disabled : undefined,
    tags: Object.entries(fields(tagOverrides)).flatMap(([name, override]) => readTag(name, fields(override))),
  };
}

function readTag(name: string, { operation, value }: Readonly<Record<string, unknown>>): TagOverride[] {
  if (!/^[a-zA-Z_]\w*$/.test(name)) return [];
  if (operation === 'REMOVE') return [{ name }];
  return [{ name, value: compileValue(text(value) ?? '') }];
}

type Attribute = (record: ProxyRecord) => string | undefined;

/** The attributes that tasks and labs write; what cannot be computed is `unknown`, as in the real filter. */
const ATTRIBUTES: Record<string, Attribute | undefined> = {
  'request.method': ({ request }) => request?.method,
  'request.host': ({ request }) => request?.authority,
  'request.path': ({ request }) => request?.path,
  'request.url_path': ({ request }) => request?.path.split('?')[0],
  'request.useragent': ({ request }) => request?.headers['user-agent'],
  'request.id': ({ request }) => request?.headers['x-request-id'],
  'response.code': ({ status }) => String(status),
  'destination.port': ({ service }) => service && String(service.port),
};

function compileValue(expression: string): (record: ProxyRecord) => string {
  const plain = expression.trim();
  const literal = /^(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(plain);
  if (literal) return () => literal[1] ?? literal[2] ?? '';
  const withoutCast = /^string\((.*)\)$/.exec(plain)?.[1]?.trim() ?? plain;
  const header = /^request\.headers\[(?:"([^"]+)"|'([^']+)')\]$/.exec(withoutCast);
  const name = (header?.[1] ?? header?.[2])?.toLowerCase();
  if (name !== undefined) return ({ request }) => allValues(request?.headers[name] ?? 'unknown');
  const attribute = Object.hasOwn(ATTRIBUTES, withoutCast) ? ATTRIBUTES[withoutCast] : undefined;
  if (attribute) return (record) => attribute(record) ?? 'unknown';
  const evaluate = compileCel(plain);
  return (record) => textOf(evaluate(record));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : 'unknown';
}

function retagged(labels: readonly MetricLabel[], { tags }: Override, record: ProxyRecord): readonly MetricLabel[] {
  if (tags.length === 0) return labels;
  let changed = [...labels];
  for (const { name, value } of tags) {
    const there = changed.some(([label]) => label === name);
    if (!value) changed = changed.filter(([label]) => label !== name);
    else if (there) changed = changed.map((label) => (label[0] === name ? [name, value(record)] : label));
    else changed.push([name, value(record)]);
  }
  return changed;
}
