// A listener of a Gateway: the server of an Istio Gateway that it becomes, who may attach routes to it, and what is wrong
// with it.
import { fields, hasLabels, integer, items, present, stringMap, text } from '../read.ts';
import { type Fields, GROUP, type RefError } from './api.ts';
import type { Grants } from './grants.ts';
import { type FindSecret, listenerTls } from './listener-tls.ts';

export interface Listener {
  name: string;
  /** Position in `listeners`. */
  index: number;
  port: number;
  protocol: string;
  /** As written; empty: any. */
  hostname: string;
  /** Kinds of routes that may attach. */
  kinds: readonly string[];
  /** All kinds that `allowedRoutes` asks for are among them. */
  kindsValid: boolean;
  /** `namespace/host` of an Istio Gateway: from where routes may attach, and for which hosts. */
  hosts: readonly string[];
  protocolError?: RefError;
  tlsError?: RefError;
  /** TLS was promised and is not there: no route can attach. */
  withoutTls?: true;
  /** Undefined: nothing can listen. */
  server?: Fields;
}

export interface ListenerContext {
  /** Of the Gateway. */
  namespace: string;
  namespaces: ReadonlyMap<string, unknown>;
  grants: Grants;
  /** Undefined where Secrets are not known: then all are there. */
  findSecret?: FindSecret | undefined;
}

export function readListener(value: unknown, index: number, context: ListenerContext): Listener {
  const { name, port, protocol, hostname, tls, allowedRoutes } = fields(value);
  const spoken = text(protocol) ?? '';
  const host = (text(hostname) ?? '').toLowerCase();
  const allowed = fields(allowedRoutes);
  const hosts = attachable(fields(allowed.namespaces), context).map((from) => `${from}/${host || '*'}`);
  const protocolError = errorOfProtocol(spoken);
  const made = listenerTls(tls, context);
  const number = integer(port) ?? 0;
  const { kinds, valid } = kindsOf(spoken, fields(tls), items(allowed.kinds));
  const listener: Listener = {
    name: text(name) ?? '',
    index,
    port: number,
    protocol: spoken,
    hostname: host,
    kinds,
    kindsValid: valid,
    hosts,
    ...(protocolError && { protocolError }),
    ...(made.error && { tlsError: made.error }),
  };
  const promised = spoken === 'HTTPS' || spoken === 'TLS';
  if (promised && !present(tls)) return { ...listener, withoutTls: true };
  if (protocolError || made.error || (promised && !made.tls)) return listener;
  return {
    ...listener,
    server: { port: { name: 'default', number, protocol: spoken }, hosts, ...(made.tls && { tls: made.tls }) },
  };
}

/** `~` is no namespace: a listener that nobody may attach to still listens. */
function attachable({ from, selector }: Fields, { namespace, namespaces }: ListenerContext): string[] {
  if (from === 'All') return ['*'];
  if (from !== 'Selector') return [namespace];
  const matching = [...namespaces]
    .filter(([name, labels]) => selects(selector, { ...fields(labels), 'kubernetes.io/metadata.name': name }))
    .map(([name]) => name);
  return matching.length > 0 ? matching.sort() : ['~'];
}

function selects(selector: unknown, labels: Fields): boolean {
  const { matchLabels, matchExpressions } = fields(selector);
  if (!hasLabels(labels, stringMap(matchLabels))) return false;
  return items(matchExpressions).every((expression) => {
    const { key, operator, values } = fields(expression);
    const name = text(key) ?? '';
    const value = Object.hasOwn(labels, name) ? text(labels[name]) : undefined;
    switch (operator) {
      case 'In':
        return value !== undefined && items(values).includes(value);
      case 'NotIn':
        return value === undefined || !items(values).includes(value);
      case 'Exists':
        return value !== undefined;
      default:
        return operator === 'DoesNotExist' && value === undefined;
    }
  });
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP'];

function errorOfProtocol(protocol: string): RefError | undefined {
  if (PROTOCOLS.includes(protocol)) return undefined;
  const upper = protocol.toUpperCase();
  const hint = PROTOCOLS.includes(upper) ? `. hint: "${upper}" (uppercase) may be supported` : '';
  return { reason: 'UnsupportedProtocol', message: `protocol "${protocol}" is unsupported${hint}` };
}

function kindsOf(protocol: string, tls: Fields, wanted: readonly unknown[]): { kinds: string[]; valid: boolean } {
  const supported = supportedKinds(protocol, tls);
  if (wanted.length === 0) return { kinds: supported, valid: true };
  const asked = wanted.map(fields);
  const kinds = supported.filter((kind) =>
    asked.some((a) => text(a.kind) === kind && (text(a.group) ?? GROUP) === GROUP),
  );
  return { kinds, valid: kinds.length === wanted.length };
}

function supportedKinds(protocol: string, { mode }: Fields): string[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return ['HTTPRoute', 'GRPCRoute'];
    case 'TCP':
      return ['TCPRoute'];
    case 'TLS':
      return mode === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'];
    default:
      return [];
  }
}
