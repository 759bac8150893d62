import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../session.ts';
import { tlsSecret } from './create-secret-tls.ts';

// A certificate of nobody, made for the tests; and the key of another.
const files = {
  'a.crt': `-----BEGIN CERTIFICATE-----
MIIBsTCCAVigAwIBAgIBKjAKBggqhkjOPQQDAjAxMRQwEgYDVQQKDAtMYWJvcmF0
b3JpbzEZMBcGA1UEAwwQaG9sYS5leGFtcGxlLmNvbTAgFw0yNTAxMDEwMDAwMDBa
GA8yMTI1MDEwMTAwMDAwMFowMTEUMBIGA1UECgwLTGFib3JhdG9yaW8xGTAXBgNV
BAMMEGhvbGEuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATw
A/YUeAxfCMsF09dJp6YNhjbw4H68W158xqaj2B88OWd4yxIyVOO0DGNf7BSx6A8C
uL0axGmK8+y9NchFIJ67o18wXTAPBgNVHRMBAf8EBTADAQH/MCsGA1UdEQQkMCKC
EGhvbGEuZXhhbXBsZS5jb22CDnYzLmV4YW1wbGUuY29tMB0GA1UdDgQWBBSAeTEZ
/pD9DjSl/lXKmDN7miLZPTAKBggqhkjOPQQDAgNHADBEAiBZmfkxHxxo/T9hVWFg
gJq3IeuJqy/lZeNGIJ+yFEnl/AIgDTrDbjAiGvtYFAwpX9ZKZqbwgKzBx2p04L0K
aMbVyxU=
-----END CERTIFICATE-----\n`,
  'a.key': `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBLP3F0PKobLM4ATv
uM0lBv/gip6JLKpPcPBsLoC+Le6hRANCAATwA/YUeAxfCMsF09dJp6YNhjbw4H68
W158xqaj2B88OWd4yxIyVOO0DGNf7BSx6A8CuL0axGmK8+y9NchFIJ67
-----END PRIVATE KEY-----\n`,
  'b.key': `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJAMV8NGnbLB6QRLR
g/YgGgz929Rdokq7SqhEpFDNRBKhRANCAASW+SyR/Y2itVMF6EhO4I9KZpIDAquk
6blTAvyasPJbl1Eqxj5MIcryedyZcyuNEpjlMHHzDvYNsA2RNVPYUm5Y
-----END PRIVATE KEY-----\n`,
  'c.txt': 'hola\n',
};
let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'malla-tls-'));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(cwd, name), content)));
});
afterAll(() => rm(cwd, { recursive: true }));

const make = (given: Record<string, string>) =>
  tlsSecret('hola-tls', { flags: { text: (name: string) => given[name] }, cwd } as unknown as Session);

test('a certificate and its key become a Secret of type kubernetes.io/tls', async () => {
  const secret = await make({ cert: 'a.crt', key: 'a.key' });
  expect(secret).toMatchObject({ kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: 'hola-tls' } });
  const data = secret.data as Record<string, string>;
  expect(Object.keys(data)).toEqual(['tls.crt', 'tls.key']);
  expect(Buffer.from(data['tls.crt'] ?? '', 'base64').toString()).toBe(files['a.crt']);
});

// The words are those of kubectl 1.34.
test.each([
  [{ cert: 'a.crt', key: 'b.key' }, 'error: tls: private key does not match public key'],
  [{ cert: 'c.txt', key: 'a.key' }, 'error: tls: failed to find any PEM data in certificate input'],
  [{ cert: 'a.crt', key: 'c.txt' }, 'error: tls: failed to find any PEM data in key input'],
  [{ cert: 'nosuch', key: 'a.key' }, 'error: Cannot read file nosuch, open nosuch: no such file or directory'],
  [{ key: 'a.key' }, 'error: key and cert must be specified'],
])('%j is refused: %s', async (given, message) => {
  await expect(make(given as Record<string, string>)).rejects.toThrow(message);
});
