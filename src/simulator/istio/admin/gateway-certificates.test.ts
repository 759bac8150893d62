import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import { gatewayCertificates } from './gateway-certificates.ts';

const secrets: Record<string, Record<string, string>> = {
  'istio-system/hola-tls': { 'tls.crt': 'UEVN', 'tls.key': 'S0VZ' },
  'otro/vieja': { cert: 'UEVN' },
  'istio-system/vacia': {},
};
const api = {
  get(_plural: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const data = secrets[`${namespace}/${name}`];
    return data && { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data };
  },
} as unknown as Pick<Registry, 'get'>;

const listener = (name: string) => ({ chains: [{ sds: { name: `kubernetes://${name}` } }] });

test('a gateway has the certificates that its listeners name, once each, where there is one', () => {
  const listeners = ['hola-tls', 'hola-tls', 'otro/vieja', 'vacia', 'nadie'].map(listener);
  expect(gatewayCertificates(listeners, 'istio-system', api)).toEqual([
    { name: 'kubernetes://hola-tls', chain: 'PEM' },
    { name: 'kubernetes://otro/vieja', chain: 'PEM' },
  ]);
});

test('without listeners, or without an API, it has none', () => {
  expect(gatewayCertificates([], 'istio-system', api)).toEqual([]);
  expect(gatewayCertificates([listener('hola-tls')], 'istio-system', undefined)).toEqual([]);
});
