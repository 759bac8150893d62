// `kubectl create secret tls`: a certificate and its key, which must be a pair.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import type { Session } from '../session.ts';

export async function tlsSecret(name: string, { flags, cwd }: Session): Promise<KubeObject> {
  const [keyPath, certPath] = [flags.text('key'), flags.text('cert')];
  if (!keyPath || !certPath) throw new ToolError('error: key and cert must be specified');
  const [cert, key] = await Promise.all([certPath, keyPath].map((path) => read(resolve(cwd, path), path)));
  if (cert === undefined || key === undefined) throw new Error('Two files that were read must be there.');
  checkPair(cert, key);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': cert.toString('base64'), 'tls.key': key.toString('base64') },
  } as KubeObject;
}

async function read(path: string, written: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    throw new ToolError(`error: Cannot read file ${written}, open ${written}: no such file or directory`);
  }
}

/** In the words of Go's tls.X509KeyPair, which kubectl asks. */
function checkPair(cert: Buffer, key: Buffer): void {
  const certificate = attempt(() => new X509Certificate(cert), 'tls: failed to find any PEM data in certificate input');
  const privateKey = attempt(() => createPrivateKey(key), 'tls: failed to find any PEM data in key input');
  if (!certificate.checkPrivateKey(privateKey))
    throw new ToolError('error: tls: private key does not match public key');
}

function attempt<T>(make: () => T, otherwise: string): T {
  try {
    return make();
  } catch {
    throw new ToolError(`error: ${otherwise}`);
  }
}
