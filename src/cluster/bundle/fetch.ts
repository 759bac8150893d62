// Brings a class bundle from another machine of the local network, file by file, going on where it was cut.
//
// Nothing that the server says is believed: the manifest must have the digest that a person gave, each file the digest of
// the manifest, and what is longer than it should be is cut off.
import { lookup as systemLookup } from 'node:dns';
import { type FileHandle, mkdir, open as openFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { dirname, join } from 'node:path';
import { digestOf, digestOfText } from './digest.ts';
import { bundleError, explainWrite } from './errors.ts';
import { type BundleFile, largestManifest, manifestName, parseManifest } from './manifest.ts';
import { isPrivate } from './private-address.ts';

export interface FetchOptions {
  /** SHA-256 of paquete.json. */
  fingerprint: string;
  /** Which files are wanted; all when undefined. */
  wants?(file: BundleFile): boolean;
  signal: AbortSignal;
  onProgress(line: string): void;
  /** Milliseconds without a byte after which the server is given up. */
  patience?: number;
}

/**
 * Into `folder`, which becomes a bundle of the wanted files. Rejects with CodedError: -10 for an address that is not of
 * the local network, -07 for another fingerprint, -11 for a server that fails, -04 for a file that is not the one.
 */
export async function fetchBundle(url: string, folder: string, options: FetchOptions): Promise<void> {
  const { fingerprint, onProgress, wants = () => true } = options;
  const base = baseOf(url);
  const text = await fetchText(new URL(manifestName, base), options);
  const own = digestOfText(text);
  if (
    own !==
    fingerprint
      .trim()
      .toLowerCase()
      .replace(/^sha256:/, '')
  )
    throw bundleError('MALLA-PAQ-07', `La huella del paquete de ${base.href} es ${own}, y no ${fingerprint}.`);
  const manifest = parseManifest(text);
  const files = manifest.files.filter(wants);
  await mkdir(folder, { recursive: true });
  await mustHaveRoom(folder, files);
  for (const file of files) {
    const path = join(folder, file.path);
    if (await isThere(path, file)) continue;
    onProgress(`${file.path} (${Math.ceil(file.bytes / 2 ** 20)} MiB)`);
    try {
      await fetchFile(new URL(file.path, base), path, file, options);
    } catch (error) {
      throw explainWrite(error, path);
    }
  }
  // Last: without it, this is no bundle yet.
  await writeFile(join(folder, manifestName), text);
}

/** Throws MALLA-PAQ-10. The name is looked at again when it is resolved. */
function baseOf(url: string): URL {
  const base = URL.parse(url.endsWith('/') ? url : `${url}/`);
  if (!base || (base.protocol !== 'http:' && base.protocol !== 'https:') || base.username || base.password)
    throw bundleError('MALLA-PAQ-10', `«${url}» no es una dirección de la que traer un paquete.`);
  const host = base.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !isPrivate(host)) throw bundleError('MALLA-PAQ-10', `${host} no es una dirección de la red local.`);
  return base;
}

async function fetchText(url: URL, options: FetchOptions): Promise<string> {
  const response = await open(url, {}, options);
  if (response.statusCode !== 200) throw refused(url, response);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestManifest) throw bundleError('MALLA-PAQ-01', `${url.href} es demasiado grande.`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw broken(url, error, options.signal);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fetchFile(url: URL, path: string, file: BundleFile, options: FetchOptions): Promise<void> {
  const aside = `${path}.parcial`;
  await mkdir(dirname(path), { recursive: true });
  const had = (await stat(aside).catch(() => undefined))?.size ?? 0;
  const from = had < file.bytes ? had : 0;
  // Open before the first byte comes, so that one that is cut at once keeps what came.
  const part = await openFile(aside, 'a');
  try {
    const response = await open(url, from > 0 ? { range: `bytes=${from}-` } : {}, options);
    const resumed = response.statusCode === 206 && from > 0;
    if (response.statusCode !== 200 && !resumed) throw refused(url, response);
    const room = file.bytes - (resumed ? from : 0);
    await receive(response, resumed ? Promise.resolve() : part.truncate(), part, room, url);
  } catch (error) {
    throw broken(url, error, options.signal);
  } finally {
    await part.close();
  }
  const { bytes, sha256 } = await digestOf(aside, options.signal);
  if (bytes < file.bytes)
    throw bundleError('MALLA-PAQ-11', `${url.href} se ha cortado: han llegado ${bytes} bytes de ${file.bytes}.`);
  if (sha256 !== file.sha256) {
    // Nothing of it can be gone on with.
    await rm(aside, { force: true });
    throw bundleError(
      'MALLA-PAQ-04',
      `${url.href} no es el fichero que se empaquetó: su huella es ${sha256}, y no ${file.sha256}.`,
    );
  }
  await rename(aside, path);
}

/**
 * Rejects with -04 for more than `room` bytes. By events, because a stream that is read in any other way forgets what it still
 * held when the connection breaks. It begins to listen at once, and writes when the file is `ready`.
 */
async function receive(
  response: IncomingMessage,
  ready: Promise<void>,
  part: FileHandle,
  room: number,
  url: URL,
): Promise<void> {
  let left = room;
  let written = ready;
  const take = async (chunk: Buffer): Promise<void> => {
    await part.appendFile(chunk);
    response.resume();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      response.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0)
          return reject(bundleError('MALLA-PAQ-04', `${url.href} es más largo de lo que dice ${manifestName}.`));
        response.pause();
        written = written.then(() => take(chunk));
        written.catch(reject);
      });
      response.once('end', resolve).once('error', reject);
      response.once('close', () => reject(new Error('la conexión se ha cerrado')));
    });
  } finally {
    response.destroy();
    await written;
  }
}

/** Redirections are not followed: they could lead out of the local network. */
function open(
  url: URL,
  headers: Record<string, string>,
  { signal, patience = 30_000 }: FetchOptions,
): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const call = send(url, { headers: { 'user-agent': 'malla', ...headers }, lookup: privateLookup, signal }, resolve);
    call.setTimeout(patience, () => call.destroy(new Error(`sin respuesta en ${patience / 1000} s`)));
    call.on('error', (error) => reject(broken(url, error, signal)));
    call.end();
  });
}

/** The address that is connected to is the one that was looked at. */
const privateLookup: LookupFunction = (hostname, options, done) => {
  systemLookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '');
    const allowed = found.filter(({ address }) => isPrivate(address));
    const [first] = allowed;
    if (!first) return done(bundleError('MALLA-PAQ-10', `${hostname} no es una máquina de la red local.`), '');
    return options.all ? done(null, allowed) : done(null, first.address, first.family);
  });
};

function refused(url: URL, response: IncomingMessage) {
  response.destroy();
  const { statusCode = 0, headers } = response;
  const more = headers.location ? `, y manda a ${headers.location}, adonde no se va` : '';
  return bundleError('MALLA-PAQ-11', `${url.href} contesta ${statusCode}${more}.`);
}

function broken(url: URL, error: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  if (code.startsWith('MALLA-') || code === 'ENOSPC' || code === 'EACCES') return error;
  return bundleError('MALLA-PAQ-11', `No se puede traer ${url.href}: ${message || code}.`, error);
}

async function isThere(path: string, file: BundleFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === file.bytes && (await digestOf(path)).sha256 === file.sha256;
}

async function mustHaveRoom(folder: string, files: readonly BundleFile[]): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  let needed = 0;
  for (const file of files) if (!(await isThere(join(folder, file.path), file))) needed += file.bytes;
  if (bavail * bsize >= needed) return;
  throw bundleError(
    'MALLA-PAQ-08',
    `En ${folder} quedan ${Math.floor((bavail * bsize) / 2 ** 20)} MiB, y el paquete pide ${Math.ceil(needed / 2 ** 20)}.`,
  );
}
