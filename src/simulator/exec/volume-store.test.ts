import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import type { ContainerContext } from '../contract.ts';
import { createFakeClock } from '../controllers/fixtures/fake-clock.ts';
import { createFileTree, type Files } from './files.ts';
import { withMounts } from './mounted-folders.ts';
import type { SavedVolumes } from './volume-file.ts';
import { createVolumeStore, type VolumeStoreOptions } from './volume-store.ts';

const named = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'default', uid: `uid-${name}` },
  ...more,
});

function setUp(options?: VolumeStoreOptions) {
  const objects = new Map<string, KubeObject>();
  const store = createVolumeStore(options);
  const api: NonNullable<ContainerContext['api']> = {
    get: (resource, _namespace, name) => objects.get(`${resource}/${name}`),
    list: () => [],
  };
  const open = (pod: string, volume: object, mount: object = {}, node = 'arya') => {
    const spec = {
      nodeName: node,
      volumes: [{ name: 'data', ...volume }],
      containers: ['app', 'other'].map((name) => ({
        name,
        volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }],
      })),
    };
    const inContainer = (containerName: string) => {
      const context = { pod: named('Pod', pod, { spec }), containerName, api } as ContainerContext;
      const mounts = store.mounts(context);
      const own = createFileTree(
        [['/data/hidden', 'of the image']],
        mounts.map(({ at }) => at),
      );
      return { files: withMounts(own, mounts), context };
    };
    return { ...inContainer('app'), other: inContainer('other').files };
  };
  const claim = (name: string, volume: string, spec: object) => {
    objects.set(
      `persistentvolumeclaims/${name}`,
      named('PersistentVolumeClaim', name, { spec: { volumeName: volume } }),
    );
    const made = named('PersistentVolume', volume, { spec });
    objects.set(`persistentvolumes/${volume}`, made);
    return made;
  };
  return { store, open, claim };
}

const put = (files: Files, path: string, text: string) => files.write(path, Buffer.from(text));
const textOf = (files: Files, path: string) => files.read(path).toString('utf8');

test('the containers of a pod share its emptyDir, other pods have their own, and it goes with the pod', () => {
  const { open, store } = setUp();
  const { files, other } = open('a', { emptyDir: {} });
  expect(() => files.read('/data/hidden')).toThrow('No such file or directory');
  put(files, '/data/note', 'hello');
  expect(textOf(other, '/data/note')).toBe('hello');
  expect(other.list('/')).toContain('data');
  expect(open('b', { emptyDir: {} }).files.list('/data')).toEqual([]);
  store.leave('uid-a');
  expect(open('a', { emptyDir: {} }).files.list('/data')).toEqual([]);
});

test('the pods of a claim see the same files, and a new volume has none of them', () => {
  const { open, claim, store } = setUp();
  const volume = claim('data', 'v1', { nfs: {} });
  const use = { persistentVolumeClaim: { claimName: 'data' } };
  put(open('first', use).files, '/data/note', 'kept');
  store.leave('uid-first');
  expect(textOf(open('second', use, {}, 'sansa').files, '/data/note')).toBe('kept');
  store.empty(volume);
  expect(open('third', use).files.list('/data')).toEqual([]);
});

test('a folder of a node is one and the same by whatever way it is mounted, and another on another node', () => {
  const { open, claim } = setUp();
  claim('data', 'v1', { hostPath: { path: '/mnt/data' } });
  put(open('a', { hostPath: { path: '/mnt/data/' } }).files, '/data/note', 'on arya');
  expect(textOf(open('b', { persistentVolumeClaim: { claimName: 'data' } }).files, '/data/note')).toBe('on arya');
  expect(open('c', { hostPath: { path: '/mnt/data' } }, {}, 'sansa').files.list('/data')).toEqual([]);
});

test('subPath shows a part, which is made when it is not there, and leads nowhere else', () => {
  const { open } = setUp();
  const volume = { hostPath: { path: '/mnt/x' } };
  put(open('a', volume, { subPath: 'deep/er' }).files, '/data/note', 'below');
  expect(textOf(open('b', volume).files, '/data/deep/er/note')).toBe('below');
  expect(open('c', volume, { subPath: '../../deep' }).files.list('/data')).toEqual(['er']);
});

test('what is mounted to be read is not written, and a mount is not removed', () => {
  const { open } = setUp();
  const { files } = open('a', { emptyDir: {} }, { readOnly: true });
  for (const action of [() => put(files, '/data/x', ''), () => files.makeFolder('/data/y')])
    expect(action).toThrow('Read-only file system');
  expect(() => open('b', { emptyDir: {} }).files.remove('/data')).toThrow('Device or resource busy');
});

test('what another kind of volume mounts under it is seen there', () => {
  const [own, volume] = [createFileTree([['/data/conf/key', 'value']], []), createFileTree([], [])];
  const files = withMounts(own, [
    { at: '/data', files: volume, root: '/', readOnly: false },
    { at: '/data/conf', root: '/', readOnly: true },
  ]);
  expect(files.list('/data')).toEqual(['conf']);
  expect(textOf(files, '/data/conf/key')).toBe('value');
});

test('volumes together have an end, and what is removed makes room', () => {
  const { open, store } = setUp();
  const { files } = open('a', { emptyDir: {} });
  const piece = Buffer.alloc(16 * 1024 * 1024);
  for (const name of ['1', '2', '3', '4']) files.write(`/data/${name}`, piece);
  expect(() => put(open('b', { emptyDir: {} }).files, '/data/x', 'more')).toThrow('No space left on device');
  files.remove('/data/1');
  put(open('b', { emptyDir: {} }).files, '/data/x', 'more');
  store.leave('uid-a');
  open('c', { emptyDir: {} }).files.write('/data/x', Buffer.alloc(60 * 1024 * 1024));
});

test('a program that only reads sees what others write, as it is then', () => {
  const { open, store } = setUp();
  const { files, context } = open('a', { emptyDir: {} });
  const reader = store.reader(context);
  expect(reader.read('/data/index.html')).toBeUndefined();
  put(files, '/data/index.html', 'hello');
  expect(reader.read('/data/index.html')?.toString()).toBe('hello');
  expect(reader.list('/data')).toEqual(['index.html']);
  expect(reader.read('/elsewhere')).toBeUndefined();
});

test('what was written is there after a new start', () => {
  const clock = createFakeClock();
  let text: SavedVolumes = {};
  const file = {
    load: () => text,
    save(volumes: SavedVolumes) {
      text = structuredClone(volumes);
    },
  };
  const first = setUp({ clock, file, onBug: () => {} });
  put(first.open('a', { hostPath: { path: '/mnt/x' } }).files, '/data/note', 'kept');
  expect(text).toEqual({});
  clock.advance(10_000);
  expect(Object.keys(text)).toEqual(['node/arya:/mnt/x']);
  first.open('a', { hostPath: { path: '/mnt/x' } }).files.makeFolder('/data/empty');
  first.store.close();
  first.store.leave('uid-a');
  clock.advance(10_000);
  const second = setUp({ clock, file, onBug: () => {} });
  const { files } = second.open('b', { hostPath: { path: '/mnt/x' } });
  expect([files.list('/data'), textOf(files, '/data/note')]).toEqual([['empty', 'note'], 'kept']);
});

test('a file that cannot be written is told, and nothing else is lost', () => {
  const clock = createFakeClock();
  const bugs: unknown[] = [];
  const save = (): never => {
    throw new Error('ENOSPC');
  };
  const { open } = setUp({ clock, file: { load: () => ({}), save }, onBug: (error) => bugs.push(error) });
  const { files } = open('a', { hostPath: { path: '/mnt/x' } });
  put(files, '/data/note', 'kept');
  clock.advance(10_000);
  expect(bugs).toHaveLength(1);
  expect(textOf(files, '/data/note')).toBe('kept');
});
