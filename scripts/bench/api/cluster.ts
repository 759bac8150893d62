// A process of the embedded cluster for the API's bench, in a folder of its own, and a client of it without Kubernetes' weight.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Pool } from 'undici';
import { parse } from 'yaml';
import { memoryEnvironment, memoryFlags } from '../../../src/cluster/embedded/process-memory.ts';

/** Of one client, kept open. */
export const CONNECTIONS = 16;

export interface ApiCluster {
  pid: number;
  /** Milliseconds from the start of the process to the first answer of its API. */
  upAfter: number;
  api: ApiClient;
  access: Access;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface Access {
  port: number;
  token: string;
  /** PEM. */
  ca: string;
}

export interface ApiClient {
  /** `call('POST /api/v1/namespaces', body)`: rejects for an answer of 400 and more. */
  call(line: string, body?: unknown): Promise<string>;
  /** The bytes of an answer, whatever they say. */
  read(path: string): Promise<Buffer[]>;
  /** Lines of a watch as they come; ends with the signal. */
  watch(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Its path is that of the cluster's state; Node's compiled code lies beside it. */
export function stateFolder(): { path: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'malla-bench-api-'));
  return { path: join(home, 'embebido'), remove: () => rmSync(home, { recursive: true, force: true }) };
}

export async function startCluster(root: string, folder: string, flags: string[] = []): Promise<ApiCluster> {
  const begun = performance.now();
  const options = ['--disable-warning=ExperimentalWarning', ...memoryFlags];
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: join(dirname(folder), 'cache'),
    ...memoryEnvironment,
  };
  const child = spawn(process.execPath, [...options, join(root, 'dist/simulator.mjs'), '--estado', folder, ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = JSON.parse(await firstLine(child)) as { kubeconfig: string; port: number };
  const access = accessOf(ready);
  const api = connect(access);
  await api.call('GET /version');
  return {
    pid: child.pid ?? 0,
    upAfter: performance.now() - begun,
    api,
    access,
    async kill(signal) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      await api.close();
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text;
}

interface Kubeconfig {
  users: { user: { token: string } }[];
  clusters: { cluster: { 'certificate-authority-data': string } }[];
}

function accessOf({ kubeconfig, port }: { kubeconfig: string; port: number }): Access {
  const { users, clusters } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const ca = Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString('utf8');
  return { port, token: users[0]?.user.token ?? '', ca };
}

export function connect({ port, token, ca }: Access): ApiClient {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'user-agent': 'bench',
  };
  const origin = `https://127.0.0.1:${port}`;
  const pool = new Pool(origin, { connections: CONNECTIONS, connect: { ca }, headersTimeout: 120_000, bodyTimeout: 0 });
  // A watch keeps its connection, so each has its own.
  const watchers = new Pool(origin, { connect: { ca }, bodyTimeout: 0 });
  return {
    async call(line, body) {
      const [method = 'GET', path = '/'] = line.split(' ', 2);
      const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
      const answer = await pool.request({
        method: method as 'GET',
        path,
        headers: { ...headers, ...type },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) throw new Error(`${line}: ${answer.statusCode} ${text.slice(0, 300)}`);
      return text;
    },
    async read(path) {
      const { body, statusCode } = await pool.request({ method: 'GET', path, headers });
      const pieces: Buffer[] = [];
      for await (const piece of body) pieces.push(piece as Buffer);
      if (statusCode >= 400) throw new Error(`GET ${path}: ${statusCode}`);
      return pieces;
    },
    async watch(path, onLine, signal) {
      const { body } = await watchers.request({ method: 'GET', path, headers, signal });
      let rest = '';
      try {
        for await (const chunk of body.setEncoding('utf8')) {
          const lines = (rest + String(chunk)).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) onLine(line);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async close() {
      await Promise.all([pool.destroy(), watchers.destroy()]);
    },
  };
}
