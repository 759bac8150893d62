// A real Prometheus, where there is one: unpacked by scripts/real-prometheus.ts, or on the PATH.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealPrometheus {
  /** `http://127.0.0.1:…` */
  url: string;
  stop(): Promise<void>;
}

/** Version 3 at least: its windows are open at their old end. Undefined: none. */
export function findPrometheus(): string | undefined {
  const candidates = [
    process.env.MALLA_PROMETHEUS,
    join(homedir(), '.cache/malla-prometheus/usr/bin/prometheus'),
    'prometheus',
  ];
  return candidates.find((path) => path !== undefined && isVersion3(path));
}

export async function startPrometheus(program: string, config: string): Promise<RealPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'malla-prometheus-'));
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), config);
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) return { url, stop };
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error('the real Prometheus did not become ready');
}

function isVersion3(path: string): boolean {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return /version [3-9]\./.test(stdout ?? '');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
