// What this machine has to run a kind cluster with, as numbers. What cannot be read is not there.
import { readFile, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, totalmem } from 'node:os';
import * as z from 'zod';
import { runProgram } from '../programs/run-program.ts';
import { explainRuntime, garbled } from './errors.ts';
import type { KindTools } from './tools.ts';

export interface MachineFacts {
  runtime: { name: string; version: string; rootless: boolean; cgroup?: 1 | 2; remote?: string };
  /** Of the runtime's machine: inside Docker Desktop it is smaller than this one. */
  cpus: number;
  /** Bytes. */
  memory: number;
  /** Bytes free now, on Linux. */
  freeMemory?: number;
  /** Bytes free where images and containers are kept, when that is a folder of this machine. */
  freeDisk?: number;
  inotify?: { instances: number; watches: number };
  /** Ports that are asked about and that somebody has. */
  busyPorts: number[];
  wsl: boolean;
  /** Proxy variables that are set, with their values' hosts. */
  proxies: { name: string; host: string }[];
  noProxy: string;
}

export interface MachineOptions {
  tools: KindTools;
  /** On 127.0.0.1. */
  ports: readonly number[];
  signal?: AbortSignal | undefined;
}

/** Rejects with CodedError when the runtime does not say what it is. */
export async function readMachine({ tools, ports, signal }: MachineOptions): Promise<MachineFacts> {
  const [info, meminfo, version, instances, watches, busy] = await Promise.all([
    readInfo(tools, signal),
    readText('/proc/meminfo'),
    readText('/proc/version'),
    readNumber('/proc/sys/fs/inotify/max_user_instances'),
    readNumber('/proc/sys/fs/inotify/max_user_watches'),
    Promise.all(ports.map(isBusy)),
  ]);
  const free = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo ?? '')?.[1];
  const freeDisk = info.root === undefined ? undefined : await readFreeDisk(info.root);
  const remote = remoteHost(tools.env.DOCKER_HOST);
  return {
    runtime: {
      name: tools.runtime.name,
      version: tools.runtime.version,
      rootless: info.rootless,
      ...(info.cgroup ? { cgroup: info.cgroup } : {}),
      ...(remote === undefined ? {} : { remote }),
    },
    cpus: info.cpus ?? availableParallelism(),
    memory: info.memory ?? totalmem(),
    ...(free === undefined ? {} : { freeMemory: Number(free) * 1024 }),
    ...(freeDisk === undefined ? {} : { freeDisk }),
    ...(instances === undefined || watches === undefined ? {} : { inotify: { instances, watches } }),
    busyPorts: ports.filter((_port, i) => busy[i]),
    wsl: /microsoft/i.test(version ?? ''),
    proxies: proxiesIn(tools.env),
    noProxy: tools.env.NO_PROXY ?? tools.env.no_proxy ?? '',
  };
}

interface Info {
  cpus?: number | undefined;
  memory?: number | undefined;
  cgroup?: 1 | 2 | undefined;
  rootless: boolean;
  root?: string | undefined;
}

const dockerInfo = z.object({
  NCPU: z.number().optional(),
  MemTotal: z.number().optional(),
  CgroupVersion: z.string().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
  DockerRootDir: z.string().optional(),
});

const podmanInfo = z.object({
  host: z.object({
    cpus: z.number().optional(),
    memTotal: z.number().optional(),
    cgroupVersion: z.string().optional(),
    security: z.object({ rootless: z.boolean().optional() }).optional(),
  }),
  store: z.object({ graphRoot: z.string().optional() }).optional(),
});

async function readInfo({ runtime, env }: KindTools, signal?: AbortSignal): Promise<Info> {
  const { name, path } = runtime;
  const args = ['info', '--format', '{{json .}}'];
  const call = { program: path, args, timeout: 20_000, env, limit: 1024 * 1024, ...(signal ? { signal } : {}) };
  const { stdout } = await runProgram(call).catch((error: unknown) => {
    throw explainRuntime(name, error);
  });
  try {
    const told: unknown = JSON.parse(stdout);
    return name === 'podman' ? fromPodman(podmanInfo.parse(told)) : fromDocker(dockerInfo.parse(told));
  } catch (error) {
    throw garbled(`${name} info`, stdout, error);
  }
}

function fromDocker(told: z.infer<typeof dockerInfo>): Info {
  return {
    cpus: told.NCPU,
    memory: told.MemTotal,
    cgroup: cgroupOf(told.CgroupVersion),
    rootless: (told.SecurityOptions ?? []).some((option) => option.includes('rootless')),
    root: told.DockerRootDir,
  };
}

function fromPodman({ host, store }: z.infer<typeof podmanInfo>): Info {
  return {
    cpus: host.cpus,
    memory: host.memTotal,
    cgroup: cgroupOf(host.cgroupVersion),
    rootless: host.security?.rootless ?? false,
    root: store?.graphRoot,
  };
}

function cgroupOf(told: string | undefined): 1 | 2 | undefined {
  const digit = /^v?([12])$/.exec(told ?? '')?.[1];
  return digit === undefined ? undefined : digit === '2' ? 2 : 1;
}

/** Only a folder of this machine: Docker Desktop's is in a virtual machine, and the same path here says nothing. */
async function readFreeDisk(folder: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function isBusy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Under 1024 only root may listen: that is not to say that somebody does.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}

function proxiesIn(env: Readonly<Record<string, string | undefined>>): MachineFacts['proxies'] {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];
  return names.flatMap((name) => {
    const value = env[name];
    if (!value) return [];
    const host = URL.canParse(value) ? new URL(value).hostname : value.split(':')[0];
    return [{ name, host: host ?? '' }];
  });
}

function remoteHost(dockerHost: string | undefined): string | undefined {
  return dockerHost && /^(tcp|ssh|https?):/.test(dockerHost) ? dockerHost : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

async function readNumber(path: string): Promise<number | undefined> {
  const number = Number.parseInt((await readText(path)) ?? '', 10);
  return Number.isFinite(number) ? number : undefined;
}
