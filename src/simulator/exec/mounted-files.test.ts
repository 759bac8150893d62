// What a container finds in volumes that are made of objects.
import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';
import { createContainerFiles } from './container-files.ts';
import { imageFacts } from './image-facts.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');

function setUp(volume: object, mount: object = {}) {
  const objects = new Map<string, KubeObject>([
    ['configmaps/settings', object('ConfigMap', 'settings', { data: { color: 'red', 'a.conf': 'x' } })],
    ['secrets/key', object('Secret', 'key', { data: { password: encoded('hush') } })],
  ]);
  const pod = object('Pod', 'web', {
    spec: {
      volumes: [{ name: 'v', ...volume }],
      containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/in', ...mount }] }],
    },
  });
  pod.metadata.labels = { b: '2', a: 'one "quoted"' };
  const context = {
    pod,
    containerName: 'app',
    api: { get: (resource: string, _: unknown, name: string) => objects.get(`${resource}/${name}`), list: () => [] },
    accountToken: (audience: string | undefined, seconds: number) => `token for ${audience ?? 'the API'}, ${seconds}`,
  } as unknown as ContainerContext;
  const files = createContainerFiles(pod, 'web', imageFacts('nginx', 'app'), context);
  const change = (name: string, data: object) => objects.set(`configmaps/${name}`, object('ConfigMap', name, { data }));
  return { files, change, text: (path: string) => files.read(path).toString() };
}

function object(kind: string, name: string, more: object): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default', uid: name }, ...more };
}

test('a ConfigMap is a folder of its keys, which changes with it and cannot be written to', () => {
  const { files, change, text } = setUp({ configMap: { name: 'settings' } });
  expect(files.list('/in')).toEqual(['a.conf', 'color']);
  expect(text('/in/color')).toBe('red');
  change('settings', { color: 'blue' });
  expect([text('/in/color'), files.list('/in')]).toEqual(['blue', ['color']]);
  expect(() => files.write('/in/color', Buffer.from('green'))).toThrow('Read-only file system');
});

test('items choose keys and name the files', () => {
  const { files, text } = setUp({ secret: { secretName: 'key', items: [{ key: 'password', path: 'deep/word' }] } });
  expect(files.list('/in')).toEqual(['deep']);
  expect(text('/in/deep/word')).toBe('hush');
});

test('subPath mounts one file, which stays as it was', () => {
  const { files, change, text } = setUp(
    { configMap: { name: 'settings' } },
    { mountPath: '/etc/a.conf', subPath: 'a.conf' },
  );
  change('settings', { 'a.conf': 'y' });
  expect([text('/etc/a.conf'), files.kind('/etc/hostname')]).toEqual(['x', 'file']);
});

test('a projected volume joins a token, objects and fields of the pod', () => {
  const { files, text } = setUp({
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
        { serviceAccountToken: { path: 'vault', audience: 'vault' } },
        { configMap: { name: 'settings', items: [{ key: 'color', path: 'color' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  });
  expect(files.list('/in')).toEqual(['color', 'namespace', 'token', 'vault']);
  expect(text('/in/token')).toBe('token for the API, 3607');
  expect(text('/in/vault')).toBe('token for vault, 3600');
  expect(text('/in/namespace')).toBe('default');
});

test('labels are written a line each', () => {
  const { text } = setUp({ downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } });
  expect(text('/in/labels')).toBe('a="one \\"quoted\\""\nb="2"');
});

test('what is mounted over a folder of the image hides it', () => {
  const { files, text } = setUp({ configMap: { name: 'settings' } }, { mountPath: '/etc/nginx/conf.d' });
  expect(files.list('/etc/nginx/conf.d')).toEqual(['a.conf', 'color']);
  expect(text('/etc/nginx/nginx.conf')).toContain('worker_processes');
});
