import { expect, test } from 'vitest';
import type { MachineFacts } from './machine.ts';
import { impossible, preflight } from './preflight.ts';

const gigabyte = 1024 ** 3;

function look(changes: Partial<MachineFacts> = {}, published = [31_380, 31_390]) {
  const good: MachineFacts = {
    runtime: { name: 'docker', version: '28.2.2', rootless: false, cgroup: 2 },
    cpus: 8,
    memory: 16 * gigabyte,
    freeMemory: 10 * gigabyte,
    freeDisk: 100 * gigabyte,
    inotify: { instances: 1024, watches: 1_048_576 },
    busyPorts: [],
    wsl: false,
    proxies: [],
    noProxy: '',
  };
  return preflight({ ...good, ...changes }, published);
}

const levelsOf = (result: ReturnType<typeof preflight>) =>
  result.findings.filter((f) => f.level !== 'bien').map((f) => `${f.level} ${f.code}`);

const docker = { name: 'docker', version: '28.2.2', rootless: false } as const;

test('a good machine has nothing to be told and gets three nodes', () => {
  expect(levelsOf(look())).toEqual([]);
  expect(look().nodes).toBe(3);
  expect(impossible(look())).toBeUndefined();
});

test.each<[string, Partial<MachineFacts>, string[], 1 | 3]>([
  ['two processors', { cpus: 2 }, ['aviso MALLA-KND-08'], 1],
  ['one processor', { cpus: 1 }, ['grave MALLA-KND-08'], 1],
  ['6 GB', { memory: 6 * gigabyte }, ['aviso MALLA-KND-08'], 1],
  ['2 GB', { memory: 2 * gigabyte }, ['grave MALLA-KND-08'], 1],
  ['little memory free', { freeMemory: gigabyte }, ['aviso MALLA-KND-08'], 3],
  ['8 GB of disk', { freeDisk: 8 * gigabyte }, ['aviso MALLA-KND-10'], 3],
  ['2 GB of disk', { freeDisk: 2 * gigabyte }, ['grave MALLA-KND-10'], 3],
  ['cgroup 1', { runtime: { ...docker, cgroup: 1 } }, ['aviso MALLA-KND-11'], 3],
  [
    'cgroup 1 without root',
    { runtime: { ...docker, rootless: true, cgroup: 1 } },
    ['grave MALLA-KND-11', 'aviso MALLA-KND-11'],
    3,
  ],
  ['cgroup 2 without root', { runtime: { ...docker, rootless: true, cgroup: 2 } }, ['aviso MALLA-KND-11'], 3],
  ['few inotify', { inotify: { instances: 128, watches: 8192 } }, ['aviso MALLA-KND-13'], 3],
  ['a busy port of the entry', { busyPorts: [31_380] }, ['grave MALLA-KND-09'], 3],
  ['other busy ports', { busyPorts: [80, 443] }, [], 3],
  ['WSL', { wsl: true }, ['aviso MALLA-KND-16'], 3],
  [
    'a docker elsewhere',
    { runtime: { ...docker, cgroup: 2, remote: 'tcp://10.0.0.9:2375' } },
    ['aviso MALLA-KND-16'],
    3,
  ],
  ['a proxy on this machine', { proxies: [{ name: 'HTTP_PROXY', host: '127.0.0.1' }] }, ['aviso MALLA-KND-15'], 3],
  ['a proxy without NO_PROXY', { proxies: [{ name: 'HTTPS_PROXY', host: 'proxy.uni.es' }] }, ['aviso MALLA-KND-15'], 3],
  ['a proxy with NO_PROXY', { proxies: [{ name: 'HTTPS_PROXY', host: 'proxy.uni.es' }], noProxy: '.uni.es' }, [], 3],
  ['nothing that can be read', { freeMemory: undefined, freeDisk: undefined, inotify: undefined }, [], 3],
])('%s', (_what, changes, levels, nodes) => {
  const looked = look(changes);
  expect(levelsOf(looked)).toEqual(levels);
  expect(looked.nodes).toBe(nodes);
});

test('whatever is not right says what it means and how it is cured', () => {
  const { findings } = look({ cpus: 1, memory: gigabyte, freeDisk: 0, busyPorts: [31_380], wsl: true });
  for (const { level, means, cure } of findings) if (level !== 'bien') expect([means, cure]).not.toContain(undefined);
});

test('a machine that cannot is told the first reason, and that there are more', () => {
  const error = impossible(look({ cpus: 1, freeDisk: 0 }));
  expect(error).toMatchObject({ code: 'MALLA-KND-08' });
  expect(error?.happened).toContain('Y hay más: Disco libre');
});

test('ports that are not published may be busy', () => {
  expect(levelsOf(look({ busyPorts: [31_380] }, []))).toEqual([]);
});
