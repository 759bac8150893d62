// What a rule of an AuthorizationPolicy can ask about: of the source, of the operation and by condition (istio-hechos §4.3).
import type { InboundConnection, MeshRequest, TokenOutcome } from '../engine.ts';
import { fields, items } from '../read.ts';
import { valuesOf } from '../repeated-headers.ts';
import { joinPrincipal, requestPrincipal as tokenPrincipal } from './request-principal.ts';
import { block, caseless, headerValue, path, stars, type ValueTest, wildcard } from './values.ts';

/** What is known when a policy is asked. No request: a connection that is not HTTP. */
export interface Asked {
  connection: InboundConnection;
  request?: MeshRequest;
  token: TokenOutcome;
}

export interface Attribute {
  /** Speaks of a request: it cannot be asked of a connection. */
  http: boolean;
  /** Each value is compared in its own way. `namespace` is the policy's. */
  compile(value: string, namespace: string): ValueTest;
  /** What there is to compare: several where a claim is a list; none where it is not there. */
  read(asked: Asked): readonly string[];
}

const request = (read: (request: MeshRequest) => string | undefined, compile = wildcard): Attribute => ({
  http: true,
  compile,
  read: (asked) => some(asked.request && read(asked.request)),
});

const connection = (read: (c: InboundConnection) => string | undefined, compile = wildcard): Attribute => ({
  http: false,
  compile,
  read: (asked) => some(read(asked.connection)),
});

const principal = connection((c) => c.principal?.replace(/^spiffe:\/\//, ''));
const namespace = connection((c) => /\/ns\/([^/]+)\//.exec(c.principal ?? '')?.[1], stars);
const trustDomain = connection((c) => /^spiffe:\/\/([^/]+)\//.exec(c.principal ?? '')?.[1], stars);
const serviceAccount: Attribute = {
  http: false,
  // Without a namespace, that of the policy.
  compile: (value, namespace) => exact(value.includes('/') ? value : `${namespace}/${value}`),
  read({ connection: c }) {
    const [, ns, account] = /\/ns\/([^/]+)\/sa\/([^/]+)/.exec(c.principal ?? '') ?? [];
    return ns && account ? [`${ns}/${account}`] : [];
  },
};
const requestPrincipal: Attribute = {
  http: true,
  compile: tokenPrincipal,
  read: ({ token }) => (token.kind === 'valid' ? [joinPrincipal(token.issuer, token.subject)] : []),
};
const sourceIp = connection((c) => c.sourceAddress, block);
const remoteIp: Attribute = {
  http: false,
  compile: block,
  read: ({ connection: c, request: asked }) => [clientAddress(asked) ?? c.sourceAddress],
};
const destinationPort = connection((c) => String(c.port), exact);

export const sourceAttributes: Record<string, Attribute> = {
  principals: principal,
  requestPrincipals: requestPrincipal,
  namespaces: namespace,
  serviceAccounts: serviceAccount,
  trustDomains: trustDomain,
  ipBlocks: sourceIp,
  remoteIpBlocks: remoteIp,
};

export const operationAttributes: Record<string, Attribute> = {
  hosts: request((r) => r.authority, caseless),
  ports: destinationPort,
  methods: request((r) => r.method, headerValue),
  paths: request((r) => r.path.split('?')[0], path),
};

/** Undefined: a key that does not exist. */
export function conditionAttribute(key: string): Attribute | undefined {
  if (Object.hasOwn(plainConditions, key)) return plainConditions[key];
  const header = /^request\.headers\[([^\]]+)\]$/.exec(key)?.[1]?.toLowerCase();
  if (header !== undefined) {
    return {
      http: true,
      compile: headerValue,
      read: ({ request: asked }) => (header === ':authority' ? some(asked?.authority) : headerValues(asked, header)),
    };
  }
  if (/^request\.auth\.claims(\[[^\]]+\])+$/.test(key)) return tokenClaims(key.match(/(?<=\[)[^\]]+/g) ?? []);
  return undefined;
}

const plainConditions: Record<string, Attribute> = {
  'source.ip': sourceIp,
  'remote.ip': remoteIp,
  'source.namespace': namespace,
  'source.principal': principal,
  'source.serviceAccount': serviceAccount,
  'source.trustDomain': trustDomain,
  'request.auth.principal': requestPrincipal,
  'request.auth.audiences': tokenClaims(['aud']),
  'request.auth.presenter': tokenClaims(['azp']),
  'destination.ip': connection((c) => c.destinationAddress, block),
  'destination.port': destinationPort,
  'connection.sni': connection((c) => c.serverName),
};

/** Lists written in one string: Istio has these two cut at their spaces always. */
const SPACED = new Set(['scope', 'permission']);

function tokenClaims(keys: readonly string[]): Attribute {
  return {
    http: true,
    compile: wildcard,
    read({ token }) {
      if (token.kind !== 'valid') return [];
      let value: unknown = token.claims;
      for (const key of keys) value = Object.hasOwn(fields(value), key) ? fields(value)[key] : undefined;
      if (typeof value !== 'string') return items(value).filter((v) => typeof v === 'string');
      return keys.length === 1 && SPACED.has(keys[0] ?? '') ? value.split(' ') : [value];
    },
  };
}

/** One that came more than once has several. */
function headerValues(asked: MeshRequest | undefined, name: string): readonly string[] {
  const value = asked?.headers[name];
  return value === undefined ? [] : valuesOf(value);
}

/** The client that a gateway names in x-forwarded-for: the last one that it added itself. */
function clientAddress(asked: MeshRequest | undefined): string | undefined {
  return asked?.headers['x-forwarded-for']?.split(',').at(-1)?.trim();
}

function exact(value: string): ValueTest {
  return (actual) => actual === value;
}

function some(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
