import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Container, Service } from '../controllers/kinds.ts';
import { ConfigError, type Lookup, resolveEnvironment } from './environment.ts';
import { podNamed } from './fixtures/test-cluster.ts';

const OBJECTS: Record<string, KubeObject> = {
  settings: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { COLOR: 'blue' } },
  password: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' }, data: { KEY: btoa('s3cret') } },
};
const lookup: Lookup = (_, name) => OBJECTS[name];

function resolve(container: Partial<Container>, services: Service[] = []) {
  const pod = podNamed('web', {}, { nodeName: 'arya', serviceAccountName: 'robot' });
  pod.metadata.annotations = { 'example.com/a': 'note' };
  pod.status = { podIP: '10.244.1.2', hostIP: '192.168.56.11' };
  return resolveEnvironment({ name: 'app', image: 'app', ...container }, pod, services, lookup, {
    cpu: '4',
    memory: '1Gi',
  });
}

test('fields of the pod, also by label and annotation', () => {
  const from = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const env = [
    from('NAME', 'metadata.name'),
    from('NS', 'metadata.namespace'),
    from('IP', 'status.podIP'),
    from('HOST', 'status.hostIP'),
    from('NODE', 'spec.nodeName'),
    from('SA', 'spec.serviceAccountName'),
    from('APP', "metadata.labels['app']"),
    from('NOTE', "metadata.annotations['example.com/a']"),
  ];
  expect(resolve({ env })).toEqual({
    HOSTNAME: 'web',
    NAME: 'web',
    NS: 'default',
    IP: '10.244.1.2',
    HOST: '192.168.56.11',
    NODE: 'arya',
    SA: 'robot',
    APP: 'web',
    NOTE: 'note',
  });
});

test('literals may refer to what is known so far', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '$(A)-$(C)-$$(A)' },
  ];
  expect(resolve({ env }).B).toBe('1-$(C)-$(A)');
});

test('resources in whole units of the divisor, of the node when the container has no limit', () => {
  const from = (name: string, resource: string, divisor?: string) => ({
    name,
    valueFrom: { resourceFieldRef: { resource, ...(divisor && { divisor }) } },
  });
  const env = [from('CPU', 'limits.cpu'), from('MILLI', 'requests.cpu', '1m'), from('MEM', 'limits.memory', '1Mi')];
  expect(resolve({ env, resources: { limits: { cpu: '1500m' }, requests: { cpu: '10m' } } })).toMatchObject({
    CPU: '2',
    MILLI: '10',
    MEM: '1024',
  });
});

test('keys and whole ConfigMaps and Secrets, decoded', () => {
  const env = [
    { name: 'C', valueFrom: { configMapKeyRef: { name: 'settings', key: 'COLOR' } } },
    { name: 'S', valueFrom: { secretKeyRef: { name: 'password', key: 'KEY' } } },
    { name: 'O', valueFrom: { secretKeyRef: { name: 'none', key: 'KEY', optional: true } } },
  ];
  const envFrom = [
    { prefix: 'P_', configMapRef: { name: 'settings' } },
    { secretRef: { name: 'none', optional: true } },
  ];
  expect(resolve({ env, envFrom })).toEqual({ HOSTNAME: 'web', C: 'blue', S: 's3cret', P_COLOR: 'blue' });
});

test('what is missing is named as the kubelet names it', () => {
  const failing = (container: Partial<Container>) => {
    try {
      resolve(container);
      return undefined;
    } catch (error) {
      return error instanceof ConfigError ? error.message : error;
    }
  };
  const key = (name: string, key: string) => [{ name: 'X', valueFrom: { configMapKeyRef: { name, key } } }];
  expect(failing({ env: key('nope', 'k') })).toBe('configmap "nope" not found');
  expect(failing({ env: key('settings', 'k') })).toBe("couldn't find key k in ConfigMap default/settings");
  expect(failing({ envFrom: [{ secretRef: { name: 'nope' } }] })).toBe('secret "nope" not found');
});

test('services of the namespace are announced, headless ones are not', () => {
  const service = (name: string, clusterIP: string): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { clusterIP, ports: [{ name: 'http', port: 9080 }] },
  });
  expect(resolve({}, [service('my-web', '10.96.0.7'), service('db', 'None')])).toEqual({
    HOSTNAME: 'web',
    MY_WEB_SERVICE_HOST: '10.96.0.7',
    MY_WEB_SERVICE_PORT: '9080',
    MY_WEB_PORT: 'tcp://10.96.0.7:9080',
    MY_WEB_PORT_9080_TCP: 'tcp://10.96.0.7:9080',
    MY_WEB_PORT_9080_TCP_PROTO: 'tcp',
    MY_WEB_PORT_9080_TCP_PORT: '9080',
    MY_WEB_PORT_9080_TCP_ADDR: '10.96.0.7',
    MY_WEB_SERVICE_PORT_HTTP: '9080',
  });
});
