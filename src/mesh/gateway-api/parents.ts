// `parentRefs` of a route: to which listeners, or to which Service, it attaches, and why not to the others.
import { covers } from '../host-names.ts';
import { items } from '../read.ts';
import { GROUP, type ParentRef, readParentRef, refText } from './api.ts';
import { type ApiGateway, internalName } from './gateways.ts';
import type { Listener } from './listeners.ts';

/** From the gravest: of several reasons for one reference a status gives the gravest. */
export const DENIALS = ['NotAllowedByListeners', 'NoMatchingListenerHostname', 'NoMatchingParent'] as const;

export interface Denial {
  reason: (typeof DENIALS)[number];
  message: string;
}

/** One listener (or the mesh) that a reference could mean. */
export interface Attachment {
  ref: ParentRef;
  /** As the student wrote it. */
  written: unknown;
  /** Position in `parentRefs`. */
  index: number;
  /** Undefined: the parent is a Service or a ServiceEntry. */
  gateway?: { gateway: ApiGateway; listener: Listener; internalName: string };
  /** Hosts of other listeners of the same Gateway, port and protocol. */
  others: readonly string[];
  denied?: Denial;
}

export interface ParentContext {
  /** Kind of the route. */
  kind: string;
  namespace: string;
  hostnames: readonly string[];
  gateways: readonly ApiGateway[];
  hasService(namespace: string, name: string): boolean;
  hasServiceEntry(namespace: string, name: string): boolean;
}

/** In the order in which istiod goes through them. References to kinds that it does not know are not among them. */
export function attachmentsOf(parentRefs: unknown, context: ParentContext): Attachment[] {
  const attachments = items(parentRefs).flatMap((written, index) => {
    const ref = readParentRef(written, context.namespace);
    const base = { ref, written, index };
    if (ref.group === GROUP && ref.kind === 'Gateway') return toListeners(base, context);
    const denied = meshParent(ref, context);
    return denied ? [{ ...base, others: [], ...(denied !== 'accepted' && { denied }) }] : [];
  });
  return attachments
    .map((attachment) => ({ attachment, text: refText(attachment.ref) }))
    .sort((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({ attachment }) => attachment);
}

/** Whether a host of the route is one of this listener: what a more specific listener takes is not this one's. */
export function isOwnHost({ gateway, others }: Attachment, host: string): boolean {
  const own = gateway?.listener.hostname ?? '';
  if (own !== '' && !own.startsWith('*')) return true;
  if (own !== '' && !overlap(own, host)) return false;
  return !others.some((other) => own.length <= other.length && covers(other || '*', host));
}

function meshParent(ref: ParentRef, { hasService, hasServiceEntry }: ParentContext): Denial | 'accepted' | undefined {
  const service = ref.group === '' && ref.kind === 'Service';
  if (!service && !(ref.group === 'networking.istio.io' && ref.kind === 'ServiceEntry')) return undefined;
  const found = service ? hasService : hasServiceEntry;
  if (found(ref.namespace, ref.name)) return 'accepted';
  const what = service ? 'service' : 'service entry';
  return { reason: 'NoMatchingParent', message: `parent ${what}: "${ref.name}" not found` };
}

function toListeners(base: Pick<Attachment, 'ref' | 'written' | 'index'>, context: ParentContext): Attachment[] {
  const { ref } = base;
  const gateway = context.gateways.find((g) => g.namespace === ref.namespace && g.name === ref.name);
  if (!gateway) return [];
  const listeners = gateway.listeners.filter((listener) => !listener.withoutTls);
  return listeners.map((listener) => {
    const denied = denialOf(ref, listener, context);
    const same = listeners.filter(
      (l) => l !== listener && l.port === listener.port && l.protocol === listener.protocol,
    );
    return {
      ...base,
      gateway: { gateway, listener, internalName: `${gateway.namespace}/${internalName(gateway, listener)}` },
      others: same.map((l) => l.hostname).filter((host) => host !== listener.hostname),
      ...(denied && { denied }),
    };
  });
}

function denialOf(ref: ParentRef, listener: Listener, context: ParentContext): Denial | undefined {
  if (ref.port !== 0 && ref.port !== listener.port) {
    return { reason: 'NoMatchingParent', message: `port ${ref.port} not found` };
  }
  if (ref.sectionName && ref.sectionName !== listener.name) {
    return { reason: 'NoMatchingParent', message: `sectionName "${ref.sectionName}" not found` };
  }
  const denied = hostDenial(listener, context);
  if (denied) return denied;
  if (listener.kinds.includes(context.kind)) return undefined;
  return { reason: 'NotAllowedByListeners', message: `kind ${GROUP}/v1/${context.kind} is not allowed` };
}

/** One host in common is enough: the rest is left out when requests come. */
function hostDenial({ hosts, hostname }: Listener, { namespace, hostnames }: ParentContext): Denial | undefined {
  const wanted = hostnames.length > 0 ? hostnames : ['*'];
  const matching = hosts.filter((allowed) => wanted.some((host) => overlap(hostPart(allowed), host)));
  if (matching.length === 0) {
    return { reason: 'NoMatchingListenerHostname', message: `no hostnames matched parent hostname "${hostname}"` };
  }
  if (matching.some((allowed) => ['*', namespace].includes(namespacePart(allowed)))) return undefined;
  const why = `but namespace "${namespace}" is not allowed by the parent`;
  return { reason: 'NotAllowedByListeners', message: `hostnames matched parent hostname "${hostname}", ${why}` };
}

function overlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function hostPart(allowed: string): string {
  return allowed.slice(allowed.indexOf('/') + 1);
}

function namespacePart(allowed: string): string {
  return allowed.slice(0, allowed.indexOf('/'));
}
