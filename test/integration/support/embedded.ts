// The process of the embedded cluster for a test, in a folder of its own.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { deleteEmbedded, type EmbeddedAccess } from '../../../src/cluster/embedded/embedded.ts';
import { type ProcessOptions, startEmbedded } from '../../../src/cluster/embedded/start.ts';

export const simulatorEntry = join(import.meta.dirname, '../../../dist/simulator.mjs');

export interface TestCluster {
  home: string;
  /** Of the cluster's state. */
  folder: string;
  start(options?: ProcessOptions): Promise<EmbeddedAccess & { started: boolean }>;
  remove(): Promise<void>;
}

export async function createTestCluster(): Promise<TestCluster> {
  const home = await mkdtemp(join(tmpdir(), 'malla-test-'));
  return {
    home,
    folder: join(home, 'embebido'),
    start: (options = {}) =>
      startEmbedded({
        home,
        simulatorEntry,
        nodePath: process.execPath,
        env: process.env,
        options: { fast: true, ...options },
      }),
    async remove() {
      await deleteEmbedded({ home }).catch(() => {});
      await rm(home, { recursive: true, force: true });
    },
  };
}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; never rejects for its exit code. */
export function run(
  program: string,
  argv: string[],
  env: Record<string, string | undefined>,
  input?: string,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(program, argv, { env, timeout: 60_000, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

export interface Credentials {
  server: URL;
  ca: string;
  token: string;
}

export function credentials(kubeconfig: string): Credentials {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  return {
    server: new URL(clusters[0].cluster.server),
    ca: Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
    token: users[0].user.token,
  };
}

export interface HttpsAnswer {
  status: number;
  json: {
    message?: string;
    reason?: string;
    code?: number;
    kind?: string;
    metadata?: { name?: string };
    items?: unknown[];
  };
}

/** One request to the API, with headers of one's choice. */
export function ask(
  { server, ca, token }: Credentials,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; key?: string; cert?: string } = {},
): Promise<HttpsAnswer> {
  const { method = 'GET', headers = {}, body, ...tls } = options;
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: server.hostname,
        port: server.port,
        path,
        method,
        ca,
        servername: 'localhost',
        agent: false,
        ...tls,
        headers: { ...(tls.cert ? {} : { authorization: `Bearer ${token}` }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, json: text.startsWith('{') ? JSON.parse(text) : {} });
        });
      },
    );
    asking.on('error', reject);
    asking.end(body);
  });
}
