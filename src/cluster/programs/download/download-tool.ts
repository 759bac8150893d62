// Brings one program into Malla's own folder of tools: by HTTPS, whole, with the sum that it must have, or not at all.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { CodedError } from '../../coded-error.ts';
import { toolsFolder } from '../find-program.ts';
import { cannotKeep, downloadFailed, notInside, wrongSum } from './errors.ts';
import type { Release } from './releases.ts';
import { extractFile } from './tar-file.ts';

export interface DownloadOptions {
  /** Malla's own folder. */
  home: string;
  name: string;
  release: Release;
  signal: AbortSignal;
  onProgress?(bytes: number, total: number | undefined): void;
  /** Authority that a test's server is signed by. */
  ca?: string;
  /** Milliseconds without a byte until it is given up. */
  patience?: number;
}

const mostRedirects = 5;
/** Milliseconds: a server that lets a byte go now and then is given up too. */
const longest = 1_800_000;

/** Resolves to the program's path. Rejects with CodedError; what was there before stays. */
export async function downloadTool(options: DownloadOptions): Promise<string> {
  const { home, name, release } = options;
  const folder = toolsFolder(home);
  const target = join(folder, name);
  const draft = join(folder, `.${name}.${randomUUID()}`);
  const unpacked = `${draft}.dentro`;
  await keeping(target, () => mkdir(folder, { recursive: true, mode: 0o700 }));
  try {
    const sum = await fetchInto(draft, options);
    if (sum !== release.sha256) throw wrongSum(release.url, release.sha256, sum);
    if (release.inside !== undefined) await unpack(draft, unpacked, { ...release, inside: release.inside });
    const program = release.inside === undefined ? draft : unpacked;
    await keeping(target, async () => {
      await chmod(program, 0o755);
      await rename(program, target);
    });
    return target;
  } finally {
    for (const rest of [draft, unpacked]) await rm(rest, { force: true });
  }
}

/** Resolves to the SHA-256 of what came. */
async function fetchInto(file: string, options: DownloadOptions): Promise<string> {
  const { release, signal, onProgress } = options;
  const agent = new Agent(options.ca === undefined ? {} : { ca: options.ca });
  const hash = createHash('sha256');
  const handle = await keeping(file, () => open(file, 'wx', 0o600));
  try {
    const answer = await follow(release.url, agent, options);
    const total = Number(answer.headers['content-length']) || undefined;
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > release.limit) throw downloadFailed(release.url, `pasa de ${release.limit} bytes`);
      hash.update(chunk);
      await keeping(file, () => handle.writeFile(chunk));
      onProgress?.(size, total);
    }
    return hash.digest('hex');
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof CodedError ? error : downloadFailed(release.url, messageOf(error), error);
  } finally {
    await handle.close();
    agent.destroy();
  }
}

/** Redirections go to HTTPS only: what is asked for here is run later. */
async function follow(url: string, agent: Agent, options: DownloadOptions): Promise<IncomingMessage> {
  let at = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (!at.startsWith('https://')) throw downloadFailed(url, `lleva a una dirección sin HTTPS, ${at.slice(0, 200)}`);
    const answer = await ask(at, agent, options);
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return answer;
    answer.resume();
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location)
      throw downloadFailed(url, `el servidor contesta ${statusCode}`);
    at = new URL(headers.location, at).href;
  }
  throw downloadFailed(url, 'demasiadas redirecciones');
}

function ask(url: string, agent: Agent, options: DownloadOptions): Promise<IncomingMessage> {
  const { patience = 30_000 } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(longest)]);
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal, timeout: patience, headers: { 'user-agent': 'malla' } }, resolve);
    request.on('timeout', () => request.destroy(new Error(`el servidor calla durante ${patience / 1000} s`)));
    request.on('error', reject);
  });
}

async function unpack(archive: string, target: string, release: Release & { inside: string }): Promise<void> {
  try {
    await extractFile(createReadStream(archive), release.inside, target);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOSPC'
      ? cannotKeep(target, error)
      : notInside(release.url, release.inside, error);
  }
}

async function keeping<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw cannotKeep(path, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
