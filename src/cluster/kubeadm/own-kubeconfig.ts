// Malla's own copy of one context: its cluster and its user, with the certificates inside. The user's file is only read.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { Entry, Fields } from './kubeconfig-document.ts';
import { dangerError, kubeconfigFault, printable } from './kubeconfig-error.ts';
import { fileFields, isInside, type PickedContext, text } from './pick-context.ts';
import { readBounded } from './read-file.ts';

export interface OwnCopyOptions {
  /** Codes of the dangers that the user has agreed to. */
  agreed: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The kubeconfig as JSON, which is YAML too. Rejects with CodedError: a danger that is not agreed to, MALLA-KCF-09 (what
 * is no certificate, key or token), 11 (expired) and those of reading a file.
 */
export async function ownKubeconfig(picked: PickedContext, { agreed, now }: OwnCopyOptions): Promise<string> {
  const [held, ...rest] = picked.dangers.filter(({ code }) => !agreed.has(code));
  if (held) throw dangerError([held, ...rest]);
  const material = await embedFiles(picked, agreed);
  checkMaterial(material, now);
  const { name, namespace } = picked;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: 'malla', user: 'malla', ...(namespace ? { namespace } : {}) } }],
    clusters: [{ name: 'malla', cluster: { server: picked.server, ...clusterPart(picked.cluster, material) } }],
    users: [{ name: 'malla', user: userPart(picked.user, material) }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

type Material = Record<string, Buffer>;

async function embedFiles({ cluster, user }: PickedContext, agreed: ReadonlySet<string>): Promise<Material> {
  const material: Material = {};
  for (const [entry, keys] of [
    [cluster, fileFields.cluster],
    [user, fileFields.user],
  ] as const)
    for (const key of keys) {
      const data = entry.body[`${key}-data`];
      const path = text(entry.body[key]);
      if (data !== undefined && data !== null && data !== '') material[key] = decoded(data, key);
      else if (path) material[key] = await readBeside(entry, path, key, agreed);
    }
  return material;
}

async function readBeside(entry: Entry, path: string, key: string, agreed: ReadonlySet<string>): Promise<Buffer> {
  const whole = resolve(entry.folder, path);
  // A folder on the way may be a link that leads out, although the letters of the path stay inside.
  const [folder, target] = await Promise.all([realpath(entry.folder), realpath(whole).catch(() => whole)]);
  if (isInside(entry.folder, path) && !isInside(folder, target) && !agreed.has('MALLA-KCF-22'))
    throw dangerError([{ code: 'MALLA-KCF-22', what: printable(`${key}: ${path} → ${target}`) }]);
  return readBounded(whole, agreed);
}

function decoded(data: unknown, key: string): Buffer {
  const written = text(data).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(written))
    throw kubeconfigFault('MALLA-KCF-09', `«${key}-data» no está en base64.`);
  return Buffer.from(written, 'base64');
}

function checkMaterial(material: Material, now: number): void {
  const { 'certificate-authority': authority, 'client-certificate': certificate, 'client-key': key } = material;
  if (authority) certificateIn(authority, 'certificate-authority');
  if (!certificate && !key) return;
  if (!certificate || !key)
    throw kubeconfigFault('MALLA-KCF-09', 'El usuario tiene certificado sin clave, o clave sin certificado.');
  const own = certificateIn(certificate, 'client-certificate');
  const secret = keyIn(key);
  if (!own.checkPrivateKey(secret))
    throw kubeconfigFault('MALLA-KCF-09', 'La clave del usuario no es la de su certificado.');
  const [from, to] = [Date.parse(own.validFrom), Date.parse(own.validTo)];
  if (now > to) throw kubeconfigFault('MALLA-KCF-11', `El certificado de «${nameIn(own)}» caducó el ${day(to)}.`);
  if (now < from)
    throw kubeconfigFault(
      'MALLA-KCF-11',
      `El certificado de «${nameIn(own)}» empieza a valer el ${day(from)}; en esta máquina aún es ${day(now)}.`,
    );
}

function certificateIn(pem: Buffer, key: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw kubeconfigFault('MALLA-KCF-09', `«${key}» no es un certificado en PEM.`, cause);
  }
}

function keyIn(pem: Buffer) {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw kubeconfigFault('MALLA-KCF-09', '«client-key» no es una clave en PEM sin contraseña.', cause);
  }
}

function nameIn({ subject }: X509Certificate): string {
  return printable(/CN=(.*)/.exec(subject)?.[1] ?? subject, 80);
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function clusterPart({ body }: Entry, material: Material): Fields {
  const { 'proxy-url': proxy, 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = body;
  const authority = material['certificate-authority'];
  return {
    // Both at once is an error for kubectl.
    ...(authority && insecure !== true ? { 'certificate-authority-data': authority.toString('base64') } : {}),
    ...(insecure === true ? { 'insecure-skip-tls-verify': true } : {}),
    ...(text(proxy) ? { 'proxy-url': text(proxy) } : {}),
    ...(text(serverName) ? { 'tls-server-name': text(serverName) } : {}),
  };
}

function userPart({ body, folder }: Entry, material: Material): Fields {
  const { token, tokenFile, username, password, exec, 'auth-provider': provider } = body;
  const { 'client-certificate': certificate, 'client-key': key } = material;
  return {
    ...(certificate && key
      ? { 'client-certificate-data': certificate.toString('base64'), 'client-key-data': key.toString('base64') }
      : {}),
    ...(text(token) ? { token: oneLine(text(token)) } : {}),
    ...(text(tokenFile) ? { tokenFile: resolve(folder, text(tokenFile)) } : {}),
    ...(text(username) ? { username: text(username), password: text(password) } : {}),
    ...(exec ? { exec: withWholePath(exec as Fields, folder) } : {}),
    ...(provider ? { 'auth-provider': provider } : {}),
  };
}

/** It goes in a header. */
function oneLine(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw kubeconfigFault('MALLA-KCF-09', 'El token lleva espacios o caracteres que no valen.');
  return token;
}

/** A command with a folder in it counts from the kubeconfig's own, and the copy lives elsewhere. */
function withWholePath(exec: Fields, folder: string): Fields {
  const command = text(exec.command);
  return /[/\\]/.test(command) && !isAbsolute(command) ? { ...exec, command: resolve(folder, command) } : exec;
}
