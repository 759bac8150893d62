// `tls` of a listener, as that of an Istio Gateway's server.
import type { KubeObject } from '../objects.ts';
import { fields, items, present, text } from '../read.ts';
import { type Fields, joined, type RefError } from './api.ts';
import type { Grants } from './grants.ts';

export type FindSecret = (namespace: string, name: string) => KubeObject | undefined;

interface TlsContext {
  namespace: string;
  grants: Grants;
  findSecret?: FindSecret | undefined;
}

const MODE_OPTION = 'gateway.istio.io/tls-terminate-mode';

export function listenerTls(value: unknown, context: TlsContext): { tls?: Fields; error?: RefError } {
  if (!present(value)) return {};
  const { mode, options, certificateRefs } = fields(value);
  if (mode === 'Passthrough') return { tls: { mode: 'PASSTHROUGH' } };
  const asked = text(fields(options)[MODE_OPTION]);
  if (asked === 'ISTIO_MUTUAL') return { tls: { mode: 'ISTIO_MUTUAL' } };
  const refs = items(certificateRefs);
  if (refs.length > 2) {
    const message = 'TLS mode can only support up to 2 server certificates';
    return { error: { reason: 'InvalidCertificateRef', message } };
  }
  let error: RefError | undefined;
  let credentialName: string | undefined;
  for (const ref of refs) {
    const found = certificate(ref, context);
    if (typeof found === 'string') credentialName ??= found;
    else error = joined(error, found);
  }
  if (credentialName === undefined) return error ? { error } : {};
  const kind = asked === 'MUTUAL' || asked === 'OPTIONAL_MUTUAL' ? asked : 'SIMPLE';
  return { tls: { mode: kind, credentialName } };
}

/** The name of its Secret, with the namespace when it is another's. */
function certificate(value: unknown, { namespace: own, grants, findSecret }: TlsContext): string | RefError {
  const ref = fields(value);
  const [group, kind, name] = [text(ref.group) ?? '', text(ref.kind) ?? 'Secret', text(ref.name) ?? ''];
  const namespace = text(ref.namespace) ?? own;
  // As istiod prints a reference, with empty places for what is not written.
  const shown = `${group}/${kind}/${name}.${text(ref.namespace) ?? ''}`;
  const invalid = (why: string): RefError => ({
    reason: 'InvalidCertificateRef',
    message: `invalid certificate reference ${shown}, ${why}`,
  });
  if (group !== '' || kind !== 'Secret') return invalid('only secret is allowed');
  if (findSecret) {
    const secret = findSecret(namespace, name);
    if (!secret) return invalid(`secret ${namespace}/${name} not found`);
    const missing = missingKey(secret);
    if (missing) return invalid(missing);
  }
  if (namespace === own) return name;
  const reference = { fromKind: 'Gateway', fromNamespace: own, toNamespace: namespace, toName: name };
  if (grants({ ...reference, toKind: 'Secret' })) return `${namespace}/${name}`;
  const who = `certificateRef ${name}/${namespace} not accessible to a Gateway in namespace "${own}"`;
  return { reason: 'RefNotPermitted', message: `${who} (missing a ReferenceGrant?)` };
}

const PAIRS = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
] as const;

function missingKey(secret: KubeObject): string | undefined {
  const data = fields(secret.data);
  if (PAIRS.some(([cert, key]) => text(data[cert]) && text(data[key]))) return undefined;
  const found = Object.keys(data).sort();
  return `found secret, but didn't have expected keys (cert and key) or (tls.crt and tls.key); found: ${found.join(', ')}`;
}
