// What a gateway presents to TLS clients: certificates from the student's Secrets, in the gateway's namespace.
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { GatewayPort, TlsServer } from '../../../mesh/engine.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';

export type FindSecret = (namespace: string, name: string) => KubeObject | undefined;

/** Certificates that a proxy can use, or why it cannot. */
export type Credentials =
  | { kind: 'ready'; options: SecureContextOptions }
  /** There is no such Secret: nothing was ever sent to the proxy. */
  | { kind: 'missing' }
  /** The proxy refused what is in it. */
  | { kind: 'broken' };

const MISSING: Credentials = { kind: 'missing' };
const BROKEN: Credentials = { kind: 'broken' };
const known = new WeakMap<KubeObject, Map<string, Credentials>>();

export function credentialsOf(server: TlsServer, namespace: string, find: FindSecret): Credentials {
  const { credentialName } = server;
  if (!credentialName) return MISSING;
  const [name = '', where = namespace] = credentialName.split('/').reverse();
  const secret = find(where, name);
  if (!secret) return MISSING;
  const authority = server.mode === 'simple' ? undefined : find(where, `${name}-cacert`);
  // A Secret is never changed in place: what was read from one stays true.
  const cache = known.get(secret) ?? new Map<string, Credentials>();
  known.set(secret, cache);
  const key = `${server.mode} ${authority?.metadata.resourceVersion ?? ''}`;
  const credentials = cache.get(key) ?? read(server, secret, authority);
  cache.set(key, credentials);
  return credentials;
}

/** A proxy does not listen before it has a certificate to show; one that is not good will do for that. */
export function showsCertificate({ protocol, servers }: GatewayPort, namespace: string, find: FindSecret): boolean {
  if (protocol !== 'https' && protocol !== 'tls') return true;
  return servers.some(
    (server) =>
      server.mode === 'passthrough' ||
      server.mode === 'istio-mutual' ||
      credentialsOf(server, namespace, find).kind !== 'missing',
  );
}

function read({ mode }: TlsServer, secret: KubeObject, authority: KubeObject | undefined): Credentials {
  const cert = decoded(secret, 'tls.crt', 'cert');
  const key = decoded(secret, 'tls.key', 'key');
  if (!cert || !key) return BROKEN;
  const ca = authority ? decoded(authority, 'cacert', 'ca.crt') : decoded(secret, 'ca.crt', 'cacert');
  if (mode !== 'simple' && !ca) return BROKEN;
  const options: SecureContextOptions = { cert, key, ...(ca && mode !== 'simple' && { ca }) };
  try {
    createSecureContext(options);
    return { kind: 'ready', options };
  } catch {
    return BROKEN;
  }
}

function decoded({ data }: KubeObject, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = text(fields(data)[key]);
    if (value) return Buffer.from(value, 'base64').toString('utf8');
  }
  return undefined;
}
