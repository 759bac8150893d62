import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { validateObject } from './validate-object.ts';

const say = (object: KubeObject, resource: string, previous?: KubeObject): string[] =>
  validateObject(object, previous, resource).map(({ field, message }) => `${field}: ${message}`);

const pod = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
const container = { name: 'c', image: 'busybox' };

// Messages of the API server of Kubernetes 1.34.4, from test/fidelity/recordings/kubernetes-real.json.
test.each<[string, object, string[]]>([
  ['no containers', { containers: [] }, ['spec.containers: Required value']],
  ['a container twice', { containers: [container, container] }, ['spec.containers[1].name: Duplicate value: "c"']],
  [
    'a mount of nothing',
    { containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/x' }] }] },
    ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    'more asked than allowed',
    { containers: [{ ...container, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    'two ways to look',
    { containers: [{ ...container, livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } } }] },
    ['spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ],
])('a pod with %s is refused in the words of the API server', (_what, spec, expected) => {
  expect(say(pod(spec), 'pods')).toEqual(expected);
});

test('a good pod has nothing to say, and its image may change but not its command', () => {
  const before = pod({ containers: [container] });
  expect(say(before, 'pods')).toEqual([]);
  expect(say(pod({ containers: [{ ...container, image: 'other' }] }), 'pods', before)).toEqual([]);
  expect(say(pod({ containers: [{ ...container, command: ['a'] }] }), 'pods', before)).toHaveLength(1);
  expect(say(pod({ nodeName: 'arya', containers: [container] }), 'pods', before)).toEqual([]);
});

test('a Service is refused for its ports, its type and its name', () => {
  const service = (name: string, spec: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec,
  });
  expect(say(service('x', { type: 'Nada', ports: [{ port: 80, protocol: 'TCP' }] }), 'services')).toEqual([
    'spec.type: Unsupported value: "Nada": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ]);
  expect(say(service('x', { ports: [{ port: 80 }, { port: 81 }] }), 'services')).toEqual([
    'spec.ports[0].name: Required value',
    'spec.ports[1].name: Required value',
  ]);
  expect(say(service('1a', { ports: [{ port: 80 }] }), 'services')[0]).toContain('a DNS-1035 label must consist');
});

test('what is immutable says so', () => {
  const map = (data: object, immutable: boolean): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data,
    immutable,
  });
  expect(say(map({ a: '2' }, true), 'configmaps', map({ a: '1' }, true))).toEqual([
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});
