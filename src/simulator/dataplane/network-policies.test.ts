import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry, RegistryEvent } from '../contract.ts';
import { createNetworkPolicies, type End } from './network-policies.ts';

const namespaces: Record<string, Record<string, string>> = { shop: { team: 'a' }, lab: { team: 'b' } };

function policies(...specs: object[]) {
  const registry: Pick<Registry, 'watch' | 'get'> = {
    get: (_resource, _namespace, name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: namespaces[name] ?? {} },
    }),
    watch(resource, handler) {
      for (const [i, spec] of specs.entries())
        handler({
          type: 'ADDED',
          resource,
          object: {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: { name: `p${i}`, namespace: 'shop' },
            spec,
          },
        } as RegistryEvent);
      return () => {};
    },
  };
  return createNetworkPolicies(registry);
}

let last = 0;
function pod(app: string, namespace = 'shop', spec: object = {}): End {
  last += 1;
  const ports = [{ name: 'http', containerPort: 8080 }];
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: app, namespace, labels: { app }, uid: `uid-${last}` },
    spec: { containers: [{ name: 'c', ports }], ...spec },
  };
  return { address: `10.244.1.${last}`, pod: object };
}

const [web, db, stranger] = [pod('web'), pod('db'), pod('web', 'lab')];
const everything = { podSelector: {} };

test('where no policy selects a pod, it takes and makes any connection', () => {
  expect(policies().allow(stranger, db, 80)).toBe(true);
  expect(policies({ podSelector: { matchLabels: { app: 'db' } } }).allow(db, web, 80)).toBe(true);
});

test('a policy without rules lets nobody in, and a pod talks to itself all the same', () => {
  const { allow } = policies(everything);
  expect([allow(web, db, 80), allow(stranger, db, 80), allow(db, db, 80), allow(db, stranger, 80)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('pods are chosen in the namespace of the policy, unless it chooses namespaces too', () => {
  const from = (...peers: object[]) => policies({ ...everything, ingress: [{ from: peers }] }).allow;
  const webs = { podSelector: { matchLabels: { app: 'web' } } };
  const labs = { namespaceSelector: { matchLabels: { team: 'b' } } };
  const asked = [web, stranger, pod('x', 'lab')];
  expect(asked.map((end) => from(webs)(end, db, 80))).toEqual([true, false, false]);
  expect(asked.map((end) => from(labs)(end, db, 80))).toEqual([false, true, true]);
  expect(asked.map((end) => from({ ...webs, ...labs })(end, db, 80))).toEqual([false, true, false]);
  expect(asked.map((end) => from(webs, labs)(end, db, 80))).toEqual([true, true, true]);
});

test('ports are counted, named or in a span, and TCP unless it is said', () => {
  const allow = (port: object) => policies({ ...everything, ingress: [{ ports: [port] }] }).allow;
  expect([80, 8080].map((port) => allow({ port: 80 })(web, db, port))).toEqual([true, false]);
  expect([80, 8080].map((port) => allow({ port: 'http' })(web, db, port))).toEqual([false, true]);
  expect([79, 80, 90, 91].map((port) => allow({ port: 80, endPort: 90 })(web, db, port))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(allow({ port: 53, protocol: 'UDP' })(web, db, 53)).toBe(false);
  expect(allow({ port: 53, protocol: 'UDP' })(web, db, 53, 'UDP')).toBe(true);
});

test('what goes out is held up by policies of that type only, and by the other end still', () => {
  const out = {
    ...everything,
    policyTypes: ['Egress'],
    egress: [{ to: [{ podSelector: { matchLabels: { app: 'db' } } }] }],
  };
  expect([db, stranger].map((to) => policies(out).allow(web, to, 80))).toEqual([true, false]);
  expect(policies(out).allow(stranger, web, 80)).toBe(true);
  expect(policies(out, everything).allow(web, db, 80)).toBe(false);
});

test('addresses are chosen by block, without what it leaves out', () => {
  const { allow } = policies({
    ...everything,
    ingress: [{ from: [{ ipBlock: { cidr: '192.168.0.0/16', except: ['192.168.5.0/24'] } }] }],
  });
  expect(['192.168.1.1', '192.168.5.9', '10.0.0.1'].map((address) => allow({ address }, db, 80))).toEqual([
    true,
    false,
    false,
  ]);
});

test('pods of the host network are outside of it all', () => {
  const { allow } = policies(everything);
  expect(allow(stranger, pod('node', 'shop', { hostNetwork: true }), 80)).toBe(true);
});
