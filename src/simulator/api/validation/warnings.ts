// What the API server says of an object that it takes all the same.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KubeObject } from '../../../mesh/objects.ts';
import { isMap } from '../patch-merge.ts';

export function warningsOf(object: KubeObject, resource: string): string[] {
  if (resource !== 'secrets' || object.type !== 'kubernetes.io/tls') return [];
  const data = isMap(object.data) ? object.data : {};
  const problem = pairProblem(decoded(data['tls.crt']), decoded(data['tls.key']));
  return problem === undefined ? [] : [problem];
}

const decoded = (value: unknown): string => Buffer.from(String(value ?? ''), 'base64').toString('latin1');

/** In the words of Go, which reads a certificate and its key as a server would. */
function pairProblem(certificate: string, key: string): string | undefined {
  if (!/-----BEGIN CERTIFICATE-----/.test(certificate)) return 'tls: failed to find any PEM data in certificate input';
  if (!/-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(key)) return 'tls: failed to find any PEM data in key input';
  try {
    const matches = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return matches ? undefined : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse private key';
  }
}
