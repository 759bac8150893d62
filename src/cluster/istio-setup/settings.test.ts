import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { knownNodePorts } from '../entry/known-node-ports.ts';
import { type IstioSettings, istioOperator } from './settings.ts';

const usual: IstioSettings = { profile: 'demo', entryPorts: knownNodePorts, small: false };
const specOf = (settings: Partial<IstioSettings>) => parse(istioOperator({ ...usual, ...settings })).spec;

test('the ingress gateway has its NodePorts, and the other ports of the profile', () => {
  const ports = specOf({}).components.ingressGateways[0].k8s.service.ports;
  expect(ports.map((p: { name: string; nodePort?: number }) => [p.name, p.nodePort])).toEqual([
    ['status-port', undefined],
    ['http2', 31_380],
    ['https', 31_390],
    ['tcp', undefined],
    ['tls', undefined],
  ]);
  expect(specOf({ profile: 'default' }).components.ingressGateways[0].k8s.service.ports).toHaveLength(3);
});

test('the profile minimal has no gateway to speak of', () => {
  expect(specOf({ profile: 'minimal', small: true })).toMatchObject({ profile: 'minimal', components: { pilot: {} } });
  expect(JSON.stringify(specOf({ profile: 'minimal', small: true }))).not.toContain('gateway');
});

test('a small machine is asked for little; an ordinary one for what the profile says', () => {
  expect(specOf({ small: true }).values.global.proxy.resources.requests).toEqual({ cpu: '10m', memory: '40Mi' });
  expect(JSON.stringify(specOf({ small: false }))).not.toContain('requests');
});

test('images that are there are not pulled, and may come from another registry', () => {
  expect(specOf({}).values.global.imagePullPolicy).toBe('IfNotPresent');
  expect(specOf({})).not.toHaveProperty('hub');
  expect(specOf({ hub: 'aula:5000/istio', tag: '1.30.3' })).toMatchObject({ hub: 'aula:5000/istio', tag: '1.30.3' });
});

test('only manifests to be applied as they are name a default revision', () => {
  expect(specOf({}).values).not.toHaveProperty('defaultRevision');
  expect(specOf({ defaultValidator: true }).values.defaultRevision).toBe('default');
});
