// `backendRefs`: from references to destinations of a VirtualService, or why a reference leads nowhere.
import { serviceHost } from '../host-names.ts';
import { fields, integer, items, text } from '../read.ts';
import type { Fields, RefError } from './api.ts';
import type { Grants } from './grants.ts';

export interface BackendContext {
  /** Kind of the route. */
  kind: string;
  namespace: string;
  /** Routes of a Service need no leave to name Services elsewhere. */
  mesh: boolean;
  grants: Grants;
  hasService(namespace: string, name: string): boolean;
  /** A host of a ServiceEntry. */
  hasHost(host: string): boolean;
}

export interface Backend {
  /** Undefined: nothing can be made of the reference, and the whole route is worth nothing. */
  destination?: Fields;
  error?: RefError;
}

/** A destination without host is one that does not exist: what reaches it gets a 500. */
const NOWHERE: Fields = { host: '' };

export function backendOf(value: unknown, context: BackendContext): Backend {
  const ref = fields(value);
  const { namespace: own, kind } = context;
  const [group, toKind, name] = [text(ref.group) ?? '', text(ref.kind) ?? 'Service', text(ref.name) ?? ''];
  const namespace = text(ref.namespace) ?? own;
  if (!context.mesh && namespace !== own && !allowed(group, toKind, namespace, name, context)) {
    const who = `${name}/${namespace} not accessible to a ${kind} in namespace "${own}"`;
    const message = `backendRef ${who} (missing a ReferenceGrant?)`;
    return { destination: NOWHERE, error: { reason: 'RefNotPermitted', message } };
  }
  const found = hostOf(group, toKind, name, namespace, ref, context);
  if (found.error && found.host === undefined) return found.destination ? found : { error: found.error };
  const port = integer(ref.port);
  if (port === undefined) return { error: { reason: 'InvalidDestination', message: 'port is required in backendRef' } };
  return { destination: { host: found.host, port: { number: port } }, ...(found.error && { error: found.error }) };
}

function allowed(
  group: string,
  toKind: string,
  toNamespace: string,
  toName: string,
  { grants, kind, namespace }: BackendContext,
): boolean {
  const reference = { fromKind: kind, fromNamespace: namespace, toKind: 'Service' as const, toNamespace, toName };
  return group === '' && toKind === 'Service' && grants(reference);
}

function hostOf(
  group: string,
  kind: string,
  name: string,
  namespace: string,
  ref: Fields,
  context: BackendContext,
): Backend & { host?: string } {
  const missing = (host: string) => ({ reason: 'BackendNotFound', message: `backend(${host}) not found` });
  if (group === '' && kind === 'Service') {
    if (name.includes('.')) {
      const message = 'service name invalid; the name of the Service must be used, not the hostname.';
      return { error: { reason: 'InvalidDestination', message } };
    }
    const host = serviceHost(name, namespace);
    return context.hasService(namespace, name) ? { host } : { host, error: missing(host) };
  }
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    if (text(ref.namespace) !== undefined) {
      return { error: { reason: 'InvalidDestination', message: 'namespace may not be set with Hostname type' } };
    }
    return context.hasHost(name) ? { host: name } : { host: name, error: missing(name) };
  }
  const message = `referencing unsupported backendRef: group "${group}" kind "${kind}"`;
  return { destination: NOWHERE, error: { reason: 'InvalidKind', message } };
}

/** 1 when it is not said; what is written may be 0. */
export function weightOf(value: unknown): number {
  return integer(fields(value).weight) ?? 1;
}

export function totalWeight(refs: unknown): number {
  return items(refs).reduce((sum: number, ref) => sum + weightOf(ref), 0);
}
