// Which requests of which proxies are logged: the mesh configuration's accessLogFile, and the Telemetry objects that
// replace it (istio-hechos §7).

import type { KubeObject } from '../../mesh/objects.ts';
import { fields, items, text } from '../../mesh/read.ts';
import type { PushedMesh } from '../mesh-facts.ts';
import type { ProxyRecord } from '../traffic.ts';
import type { LogEncoding } from './access-log.ts';
import { compileLogFilter, type LogFilter } from './log-filter.ts';
import { compileJsonFormat, compileTextFormat } from './log-format.ts';
import { indexTelemetries } from './telemetry-objects.ts';

/** One entry for each line to write: none, mostly one. */
export type AccessLogPolicy = (record: ProxyRecord) => readonly LogEncoding[];

type Mode = 'CLIENT' | 'SERVER';

interface Logger {
  encoding: LogEncoding;
  /** The encoding in a list, which is what is mostly asked for. */
  alone: readonly LogEncoding[];
  filter?: LogFilter;
}

type Loggers = Record<Mode, readonly Logger[]>;

/** One entry of spec.accessLogging, and from which object. */
interface Entry {
  providers: readonly string[];
  disabled: boolean;
  mode: string;
  filter: string | undefined;
}

/** What the objects say of a provider. */
type Wish = 'disabled' | { filter: string | undefined };

const NO_LINES: readonly LogEncoding[] = [];

export function createAccessLogPolicy(mesh: PushedMesh): AccessLogPolicy {
  const telemetries = indexTelemetries(mesh);
  const byPod = new WeakMap<KubeObject, Loggers>();

  function loggersOf(pod: KubeObject): Loggers {
    const known = byPod.get(pod);
    if (known) return known;
    const levels = entriesOf(telemetries.for(pod));
    const loggers = { CLIENT: loggersFor(levels, mesh, 'CLIENT'), SERVER: loggersFor(levels, mesh, 'SERVER') };
    byPod.set(pod, loggers);
    return loggers;
  }

  return (record) => {
    const loggers = loggersOf(record.pod)[record.reporter === 'source' ? 'CLIENT' : 'SERVER'];
    const [only] = loggers;
    if (!only) return NO_LINES;
    if (loggers.length === 1) return !only.filter || only.filter(record) ? only.alone : NO_LINES;
    return loggers.filter(({ filter }) => !filter || filter(record)).map(({ encoding }) => encoding);
  };
}

/** What each level says, in order. */
function entriesOf(telemetries: readonly KubeObject[]): Entry[][] {
  return telemetries.flatMap((telemetry) => {
    const entries = items(fields(telemetry.spec).accessLogging).map(readEntry);
    return entries.length > 0 ? [entries] : [];
  });
}

function readEntry(value: unknown): Entry {
  const { providers, disabled, match, filter } = fields(value);
  return {
    providers: items(providers).flatMap((p) => text(fields(p).name) ?? []),
    disabled: disabled === true,
    mode: text(fields(match).mode) ?? 'CLIENT_AND_SERVER',
    filter: text(fields(filter).expression),
  };
}

function loggersFor(levels: readonly (readonly Entry[])[], mesh: PushedMesh, mode: Mode): Logger[] {
  const { meshConfig } = mesh;
  const encoding = meshEncoding(meshConfig);
  const defaults = items(fields(meshConfig.defaultProviders).accessLogging).filter((name) => typeof name === 'string');
  const wanted =
    levels.length === 0
      ? new Map<string, Wish>(defaults.map((name) => [name, { filter: undefined }]))
      : merge(levels, defaults, mode);
  // Seen on a real mesh: objects that name no provider for this mode, not even to disable it, change nothing; nor do those
  // that name only providers which nobody has declared, filter and all.
  const declared = [...wanted].filter(([name]) => isDeclared(name, mesh));
  if (declared.length === 0) return text(meshConfig.accessLogFile) ? [logger(encoding)] : [];
  return declared.flatMap(([name, wish]): Logger[] => {
    const provider = wish === 'disabled' ? undefined : providerNamed(name, mesh);
    if (wish === 'disabled' || !provider) return [];
    const filter = wish.filter && { filter: compileLogFilter(wish.filter) };
    return [{ ...logger(provider === 'default' ? encoding : provider), ...filter }];
  });
}

const logger = (encoding: LogEncoding): Logger => ({ encoding, alone: [encoding] });

/** accessLogFormat is a line of text, or the text of a JSON object where the encoding is JSON. */
function meshEncoding({ accessLogEncoding, accessLogFormat }: PushedMesh['meshConfig']): LogEncoding {
  const format = text(accessLogFormat);
  if (text(accessLogEncoding) !== 'JSON') return (format && compileTextFormat(format)) || 'text';
  return (format && compileJsonFormat(parsedJson(format))) || 'json';
}

function parsedJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** Later levels narrow the providers in scope; without providers an entry speaks of its predecessor's. */
function merge(levels: readonly (readonly Entry[])[], defaults: readonly string[], mode: Mode): Map<string, Wish> {
  let scope: readonly string[] = defaults;
  const filters = new Map<string, string | undefined>();
  for (const entries of levels) {
    const named = entries.flatMap(({ providers }) => providers);
    if (named.length > 0) scope = named;
    for (const { providers, filter } of entries) for (const name of providers) filters.set(name, filter);
  }
  const wanted = new Map<string, Wish>();
  let inherited = defaults;
  for (const entry of levels.flat()) {
    if (entry.providers.length > 0) inherited = entry.providers;
    if (entry.mode !== 'CLIENT_AND_SERVER' && entry.mode !== mode) continue;
    for (const name of inherited) {
      if (!scope.includes(name)) continue;
      wanted.set(name, entry.disabled ? 'disabled' : { filter: filters.get(name) });
    }
  }
  return wanted;
}

function isDeclared(name: string, { meshConfig }: PushedMesh): boolean {
  const names = ['envoy', ...items(meshConfig.extensionProviders).map((p) => text(fields(p).name) ?? '')];
  return names.some((known) => known.toLowerCase() === name.toLowerCase());
}

/** Providers that write to the proxy's own output: `envoy`, and files declared in the mesh configuration. */
function providerNamed(name: string, { meshConfig }: PushedMesh): LogEncoding | 'default' | undefined {
  const lower = name.toLowerCase();
  const declared = items(meshConfig.extensionProviders).map(fields);
  const provider = declared.find((p) => text(p.name)?.toLowerCase() === lower);
  if (!provider) return lower === 'envoy' ? 'default' : undefined;
  const file = fields(provider.envoyFileAccessLog);
  if (text(file.path) !== '/dev/stdout') return undefined;
  const format = fields(file.logFormat);
  if (format.labels !== undefined) return compileJsonFormat(format.labels) ?? 'json';
  const line = text(format.text);
  return (line && compileTextFormat(line)) || 'default';
}
