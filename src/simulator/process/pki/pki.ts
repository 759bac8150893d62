// The cluster's own certificates, made with it and kept in its folder, in kubeadm's layout. No other program trusts this CA.
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../files.ts';
import { fileCorrupt, folderNotWritable } from '../start-error.ts';
import { type CertificateRequest, type CertifiedKey, issueCertificate } from './certificate.ts';

export interface Pki {
  ca: CertifiedKey;
  server: CertifiedKey;
  /** Authenticates as the administrator, like the token. */
  admin: CertifiedKey;
  /** Signs the tokens of service accounts. */
  serviceAccounts: CertifiedKey;
  /** The administrator's bearer token: 32 random bytes. */
  token: string;
}

const day = 24 * 60 * 60 * 1000;

/** Reads the certificates of `folder`, making what is missing and renewing what ends within a month. Throws StartError. */
export function openPki(folder: string, now: number): Pki {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderNotWritable(folder, error);
  }
  const ca = keep('ca', { commonName: 'malla-ca', use: 'ca' }, undefined, 3650);
  const server = keep('apiserver', { commonName: 'kube-apiserver', use: 'server', ...serverNames }, ca, 800);
  const admin = keep('admin', { commonName: 'malla', organization: 'system:masters', use: 'client' }, ca, 800);
  const serviceAccounts = keep('sa', { commonName: 'service-accounts', use: 'client' }, ca, 3650);
  return { ca, server, admin, serviceAccounts, token: keepToken(join(folder, 'token')) };

  function keep(
    name: string,
    request: Omit<CertificateRequest, 'notBefore' | 'notAfter'>,
    issuer: CertifiedKey | undefined,
    days: number,
  ): CertifiedKey {
    const found = read(join(folder, name), request.commonName);
    if (found && isGood(found, issuer, now)) return found;
    // A day of grace for clocks that were set back.
    const made = issueCertificate(
      { ...request, notBefore: new Date(now - day), notAfter: new Date(now + days * day) },
      issuer,
    );
    write(join(folder, `${name}.key`), made.key);
    write(join(folder, `${name}.crt`), made.certificate);
    return made;
  }
}

const serverNames = {
  dnsNames: [
    'localhost',
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ],
  addresses: ['127.0.0.1', '10.96.0.1'],
};

function isGood(found: CertifiedKey, issuer: CertifiedKey | undefined, now: number): boolean {
  const certificate = new X509Certificate(found.certificate);
  const issuerKey = new X509Certificate((issuer ?? found).certificate).publicKey;
  return certificate.verify(issuerKey) && certificate.validToDate.getTime() > now + 30 * day;
}

/** Undefined when absent: half a pair, left by a start that was cut short, counts as absent. */
function read(base: string, commonName: string): CertifiedKey | undefined {
  const certificate = readText(`${base}.crt`);
  const key = readText(`${base}.key`);
  if (certificate === undefined || key === undefined) return undefined;
  try {
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return undefined;
    return { certificate, key, commonName };
  } catch (error) {
    throw fileCorrupt(
      `${base}.crt`,
      'Borra ese fichero y el «.key» del mismo nombre: se harán otros al arrancar.',
      error,
    );
  }
}

function keepToken(path: string): string {
  const found = readText(path)?.trim();
  if (found !== undefined) {
    if (/^[\w-]{43}$/.test(found)) return found;
    throw fileCorrupt(path, 'Bórralo: se hará otro al arrancar.');
  }
  const token = randomBytes(32).toString('base64url');
  write(path, `${token}\n`);
  return token;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw folderNotWritable(path, error);
  }
}

function write(path: string, text: string): void {
  try {
    writeAtomically(path, text);
  } catch (error) {
    throw folderNotWritable(path, error);
  }
}
