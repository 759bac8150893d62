// What is defined and named in a document: Services, hosts, subsets, Gateways and VirtualServices.
import { type Document, isScalar } from 'yaml';
import { fullHost, serviceHost } from '../mesh/host-names.ts';
import { gatewayReference } from '../mesh/match.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { fields, text } from '../mesh/read.ts';
import type { PathPart } from './paths.ts';
import { roleOf } from './roles.ts';
import type { Span } from './text.ts';
import { walk } from './yaml-nodes.ts';

export interface Occurrence {
  /** `host reviews.default.svc.cluster.local`, `subset HOST|v1`, `gateway default/bookinfo-gateway`, `route default/x`. */
  symbol: string;
  definition: boolean;
  /** Of the name alone in the text that was parsed: `reviews` in `reviews.default.svc.cluster.local`. */
  span: Span;
}

/** `at` is the path of the object in its document. Never throws. */
export function occurrencesOf(document: Document, object: KubeObject, at: readonly PathPart[]): Occurrence[] {
  const kind = kindOf(object);
  if (kind === undefined) return [];
  const root = at.length === 0 ? document.contents : document.getIn(at, true);
  const found: Occurrence[] = [];
  for (const { path, found: place } of walk(root)) {
    const { node, value } = place;
    if (!node || !value || !isScalar(node) || typeof node.value !== 'string') continue;
    const named = nameAt(kind, object, path, node.value);
    if (!named) continue;
    const start = writtenAt(node.value, value, node.type);
    if (start !== undefined)
      found.push({ ...named.what, span: [start + named.from, start + named.from + named.length] });
  }
  return found;
}

interface Named {
  what: Pick<Occurrence, 'symbol' | 'definition'>;
  /** Where the name is in the value. */
  from: number;
  length: number;
}

function nameAt(kind: string, object: KubeObject, path: readonly PathPart[], value: string): Named | undefined {
  const namespace = object.metadata.namespace ?? 'default';
  const whole = (symbol: string, definition: boolean): Named => ({
    what: { symbol, definition },
    from: 0,
    length: value.length,
  });
  switch (roleOf(kind, path)) {
    case 'own-name':
      if (kind === 'ServiceEntry') return whole(hostSymbol(value, namespace), true);
      if (kind === 'Service') return whole(`host ${serviceHost(value, namespace)}`, true);
      return whole(`${kind === 'Gateway' ? 'gateway' : 'route'} ${namespace}/${value}`, true);
    case 'host': {
      const full = fullHost(value, namespace);
      // Of the name of a Service only its first part is the name.
      const length = full.endsWith('.svc.cluster.local') ? (value.split('.')[0] ?? '').length : value.length;
      return { what: { symbol: `host ${full}`, definition: false }, from: 0, length };
    }
    case 'service':
      return whole(`host ${serviceHost(value, namespace)}`, false);
    case 'subset': {
      const definition = kind === 'DestinationRule';
      const host = definition ? text(fields(object.spec).host) : hostBeside(object, path);
      return host === undefined ? undefined : whole(`subset ${fullHost(host, namespace)}|${value}`, definition);
    }
    case 'gateway': {
      if (value === 'mesh') return undefined;
      const from = value.lastIndexOf('/') + 1;
      const symbol = `gateway ${gatewayReference(value, namespace)}`;
      return { what: { symbol, definition: false }, from, length: value.length - from };
    }
    case 'route': {
      const other = valueAt(object, [...path.slice(0, -1), 'namespace']);
      return whole(`route ${typeof other === 'string' ? other : namespace}/${value}`, false);
    }
    default:
      return undefined;
  }
}

const hostSymbol = (host: string, namespace: string) => `host ${fullHost(host, namespace)}`;

export function hostBeside(object: unknown, path: readonly PathPart[]): string | undefined {
  const host = valueAt(object, [...path.slice(0, -1), 'host']);
  return typeof host === 'string' ? host : undefined;
}

export function valueAt(object: unknown, path: readonly PathPart[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (Array.isArray(value) && typeof part === 'number' ? value[part] : fields(value)[String(part)]),
    object,
  );
}

/** Kinds of other groups that share a name with Istio's are none of them. */
function kindOf({ apiVersion, kind }: KubeObject): string | undefined {
  if (kind === 'Gateway' && !apiVersion.startsWith('networking.istio.io/')) return undefined;
  if (kind === 'Service' && apiVersion !== 'v1') return undefined;
  return kind;
}

/** Undefined when the text is not the value itself: escapes, or folded over lines. */
function writtenAt(value: string, [start, end]: Span, type: unknown): number | undefined {
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const length = end - start - (quoted ? 2 : 0);
  return length === value.length ? start + (quoted ? 1 : 0) : undefined;
}
