// Levels of Envoy's own log, by logger: shown and changed by POST /logging.

export interface Loggers {
  /** Undefined when the query names an unknown logger or level: nothing changes. */
  change(query: URLSearchParams): string | undefined;
}

const LEVELS = new Set(['trace', 'debug', 'info', 'warning', 'warn', 'error', 'critical', 'off']);

/** `initial` is what `--proxyLogLevel` says, `components` what `--proxyComponentLogLevel` says. */
export function createLoggers(initial: string, components: Readonly<Record<string, string>>): Loggers {
  const levels = new Map(NAMES.map((name) => [name, components[name] ?? initial]));
  const known = (level: string) => LEVELS.has(level);
  const set = (name: string, level: string) => levels.set(name, level === 'warn' ? 'warning' : level);
  return {
    change(query) {
      const changes: [string, string][] = [];
      for (const [key, value] of query) {
        if (key === 'level') for (const name of NAMES) changes.push([name, value]);
        else if (key === 'paths') {
          for (const pair of value.split(',')) {
            const [name = '', level = ''] = pair.split(':');
            changes.push([name, level]);
          }
        } else changes.push([key, value]);
      }
      if (changes.some(([name, level]) => !levels.has(name) || !known(level))) return undefined;
      for (const [name, level] of changes) set(name, level);
      return `active loggers:\n${[...levels].map(([name, level]) => `  ${name}: ${level}\n`).join('')}\n`;
    },
  };
}

/** Envoy's loggers, in its order. */
const NAMES = (
  'a2a admin alternate_protocols_cache aws assert backtrace basic_auth cache_filter client config connection ' +
  'conn_handler compression credential_injector decompression dns dubbo envoy_bug ext_authz ext_proc rocketmq file ' +
  'filter forward_proxy geolocation grpc happy_eyeballs hc health_checker http http2 hystrix init io jwt json_rpc ' +
  'kafka key_value_store lua local_rate_limit main matcher mcp misc mongo multi_connection notification oauth2 quic ' +
  'quic_stream pool rate_limit_quota rbac rds redis router runtime stats secret sse tap testing thrift tracing ' +
  'upstream udp wasm websocket golang stats_sinks dynamic_modules ip_tagging'
).split(' ');
