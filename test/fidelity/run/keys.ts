// Keys, certificates and tokens made for one run, as facts for manifests and requests.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type CertifiedKey, issueCertificate } from '../../../src/simulator/process/pki/certificate.ts';
import type { Facts } from './fill.ts';

/** `folder` gets the files that curl reads. */
export async function makeKeys(folder: string): Promise<Facts> {
  return { ...certificates(folder), ...(await tokens()) };
}

function certificates(folder: string): Facts {
  const ca = issueCertificate({ commonName: 'Fidelity CA', use: 'ca', ...validity() });
  const stranger = issueCertificate({ commonName: 'Another CA', use: 'ca', ...validity() });
  const names = ['simple', 'missing', 'modern', 'mutual', 'pass'].map((name) => `${name}.example.com`);
  const server = issueCertificate({ commonName: 'server', use: 'server', dnsNames: names, ...validity() }, ca);
  const client = issueCertificate({ commonName: 'client.example.com', use: 'client', ...validity() }, ca);
  const unknown = issueCertificate({ commonName: 'unknown.example.com', use: 'client', ...validity() }, stranger);
  const facts: Facts = {};
  const add = (name: string, { certificate, key }: CertifiedKey) => {
    facts[`${name}.crt`] = base64(certificate);
    facts[`${name}.key`] = base64(key);
    facts[`${name}.crt.file`] = file(folder, `${name}.crt`, certificate);
    facts[`${name}.key.file`] = file(folder, `${name}.key`, key);
  };
  add('ca', ca);
  add('server', server);
  add('client', client);
  add('stranger', unknown);
  facts['ca.file'] = facts['ca.crt.file'] ?? '';
  return facts;
}

function validity() {
  const now = Date.now();
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 30 * 86_400_000) };
}

async function tokens(): Promise<Facts> {
  const key = await rsaKey('fid');
  const other = await rsaKey('fid');
  const third = await rsaKey('otra');
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: 'fid@example.com', sub: 'ana', iat: now - 60, exp: now + 86_400, groups: ['grupo1', 'grupo2'] };
  const sign = (claims: Record<string, unknown>, { pair, kid }: RsaKey = key) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(pair.privateKey);
  const good = await sign(usual);
  return {
    jwks: JSON.stringify({
      keys: [{ ...(await exportJWK(key.pair.publicKey)), kid: key.kid, alg: 'RS256', use: 'sig' }],
    }),
    'token:good': good,
    'token:expired': await sign({ ...usual, exp: now - 600 }),
    'token:future': await sign({ ...usual, nbf: now + 6_000 }),
    'token:issuer': await sign({ ...usual, iss: 'otro@example.com' }),
    'token:audience': await sign({ ...usual, aud: 'otra-cosa' }),
    'token:right-audience': await sign({ ...usual, aud: ['fid-aud', 'x'] }),
    'token:forged': await sign(usual, other),
    'token:kid': await sign(usual, third),
    'token:luis': await sign({ ...usual, sub: 'luis', groups: ['grupo9'] }),
    'token:nested': await sign({ ...usual, sub: 'eva', realm: { roles: ['admin'] }, scope: 'leer escribir' }),
    'token:broken': `${good.slice(0, -8)}AAAAAAAA`,
  };
}

interface RsaKey {
  pair: { privateKey: CryptoKey; publicKey: CryptoKey };
  kid: string;
}

async function rsaKey(kid: string): Promise<RsaKey> {
  return { pair: await generateKeyPair('RS256', { extractable: true }), kid };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function file(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
