// What a proxy lets in: connections by PeerAuthentication, requests by their tokens and by AuthorizationPolicy. Compiled
// for each proxy when the first connection needs it.
import type { Reply, Source, Step } from '../decision.ts';
import type {
  Acceptance,
  Admission,
  InboundConnection,
  MeshConfiguration,
  Proxy as MeshProxy,
  MeshRequest,
  TokenOutcome,
  TokenRule,
} from '../engine.ts';
import type { ServiceIndex } from '../services.ts';
import type { Asked } from './attributes.ts';
import {
  type AuthorizationPolicies,
  type AuthorizationVerdict,
  authorize,
  authorizeOutside,
  compilePolicies,
} from './authorization.ts';
import { readAuthorizers } from './external-authorizers.ts';
import { indexPeerAuthentications } from './peer-authentication.ts';
import { indexSecurityObjects } from './policy-scope.ts';
import { readTokenRules } from './request-authentication.ts';

export interface Security {
  accept(proxy: MeshProxy, connection: InboundConnection): Acceptance;
  tokenRules(proxy: MeshProxy): readonly TokenRule[];
  admit(proxy: MeshProxy, connection: InboundConnection, request: MeshRequest, token: TokenOutcome): Admission;
  /** Clients of the mesh speak mutual TLS to this port; with DISABLE they know that they must not. */
  takesMutualTls(proxy: MeshProxy, port: number): boolean;
}

interface ProxySecurity {
  policies: AuthorizationPolicies;
  tokenRules: readonly TokenRule[];
  tcpPorts: ReadonlySet<number>;
}

export function indexSecurity(
  { objects, rootNamespace, meshConfig }: MeshConfiguration,
  services: ServiceIndex,
): Security {
  const authorizers = readAuthorizers(meshConfig, services);
  const peers = indexPeerAuthentications(objects, rootNamespace);
  const authorizations = indexSecurityObjects(objects, 'AuthorizationPolicy', rootNamespace);
  const authentications = indexSecurityObjects(objects, 'RequestAuthentication', rootNamespace);
  const compiled = new WeakMap<MeshProxy, ProxySecurity>();

  function of(proxy: MeshProxy): ProxySecurity {
    const known = compiled.get(proxy);
    if (known) return known;
    const fresh = {
      policies: compilePolicies(authorizations.forProxy(proxy), authorizers),
      tokenRules: readTokenRules(authentications.forProxy(proxy)),
      tcpPorts: tcpPortsOf(proxy, services),
    };
    compiled.set(proxy, fresh);
    return fresh;
  }

  return {
    takesMutualTls: (proxy, port) => peers.ruleFor(proxy, port).mode !== 'DISABLE',
    accept(proxy, connection) {
      const steps: Step[] = [];
      if (proxy.kind === 'sidecar') {
        const { mode, source } = peers.ruleFor(proxy, connection.port);
        const mtls = connection.principal !== undefined;
        const refused = mode === 'STRICT' && !mtls;
        if (source || refused) steps.push(peerStep(mode, mtls, refused, source));
        if (refused) {
          const details = 'filter_chain_not_found';
          return { steps, refusal: { kind: 'closed', details, flags: ['NR'] } };
        }
      }
      const { policies, tcpPorts } = of(proxy);
      // A gateway is only asked about connections whose bytes it does not read.
      if (proxy.kind === 'sidecar' && !tcpPorts.has(connection.port)) return { steps };
      const { denial, steps: more } = authorizeAll(policies, { connection, token: { kind: 'none' } });
      steps.push(...more);
      if (!denial) return { steps };
      if (denial.by === 'rbac') {
        return { steps, refusal: { kind: 'closed', details: rbacDetails(denial.matched), flags: [] } };
      }
      return { steps, refusal: { kind: 'closed', details: 'ext_authz_denied', flags: ['UAEX'] } };
    },
    tokenRules: (proxy) => of(proxy).tokenRules,
    admit(proxy, connection, request, token) {
      const { policies } = of(proxy);
      const asked = { connection, request, token };
      const { steps, denial } =
        token.kind === 'invalid' ? authorizeOutside(policies, asked) : authorizeAll(policies, asked);
      if (!denial) {
        if (token.kind === 'valid') return { kind: 'admitted', steps, claims: token.claims };
        if (token.kind === 'none') return { kind: 'admitted', steps };
        steps.push({ kind: 'policy', result: 'invalid-token', source: token.source, facts: { text: token.body } });
        return { kind: 'denied', steps, reply: tokenReply(token, request) };
      }
      if (denial.by === 'ext_authz') {
        return { kind: 'denied', steps, reply: reply(denial.status, '', 'ext_authz_error', ['UAEX']) };
      }
      return { kind: 'denied', steps, reply: reply(403, 'RBAC: access denied', rbacDetails(denial.matched)) };
    },
  };
}

function authorizeAll(policies: AuthorizationPolicies, asked: Asked): AuthorizationVerdict {
  const outside = authorizeOutside(policies, asked);
  if (outside.denial) return outside;
  const own = authorize(policies, asked);
  return outside.steps.length === 0 ? own : { ...own, steps: [...outside.steps, ...own.steps] };
}

function peerStep(mode: string, mtls: boolean, refused: boolean, source: Source | undefined): Step {
  const facts = { mode, mtls };
  return { kind: 'policy', result: refused ? 'refused-plain-text' : 'accepted', facts, ...(source && { source }) };
}

function rbacDetails(matched: string): string {
  return `rbac_access_denied_matched_policy[${matched}]`;
}

/** The realm is the URL as the client wrote it. */
function tokenReply(
  { body, details }: { body: string; details: string },
  { authority, path, headers }: MeshRequest,
): Reply {
  const status = body === WRONG_AUDIENCE ? 403 : 401;
  const realm = `${headers['x-forwarded-proto'] ?? 'http'}://${authority}${path}`;
  const denied = reply(status, body, details);
  return {
    ...denied,
    headers: { 'www-authenticate': `Bearer realm="${realm}", error="invalid_token"`, ...denied.headers },
  };
}

const WRONG_AUDIENCE = 'Audiences in Jwt are not allowed';

function reply(status: number, body: string, details: string, flags: Reply['flags'] = []): Reply {
  const headers: Record<string, string> = body === '' ? {} : { 'content-type': 'text/plain' };
  return { kind: 'reply', status, headers, body, flags, details, route: 'default' };
}

/** Ports of the pod that some Service declares TCP. */
function tcpPortsOf(proxy: MeshProxy, services: ServiceIndex): Set<number> {
  const ports = new Set<number>();
  if (proxy.kind === 'gateway') return ports;
  for (const { namespace, selector, ports: own } of services.all()) {
    if (namespace !== proxy.namespace || selector.size === 0) continue;
    if (![...selector].every(([key, value]) => proxy.labels[key] === value)) continue;
    for (const { protocol, target } of own) if (protocol === 'tcp' && typeof target === 'number') ports.add(target);
  }
  return ports;
}
