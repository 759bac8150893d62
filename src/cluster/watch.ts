// A list and its later changes as one endless stream: lists, watches from there, resumes after a cut, lists again when
// the server has forgotten the point (410), and backs off while it does not answer.
import type { KubeObject } from '../mesh/objects.ts';
import { ClusterError, errorOfStatus } from './cluster-error.ts';
import type { KubeEvent } from './contract.ts';
import type { Transport } from './transport.ts';

export interface WatchOptions {
  transport: Transport;
  /** Path of the collection, or undefined while the server does not serve the kind. */
  path: () => Promise<string | undefined>;
  /** Added to every request. */
  query: Record<string, string>;
  /** For items of lists, which come without apiVersion and kind. */
  apiVersion: string;
  kind: string;
  onEvent: (event: KubeEvent) => void;
  onState: (state: 'live' | 'lost') => void;
  signal: AbortSignal;
  random: () => number;
}

/** How often a kind that is not there (its CRD is not installed) is asked for again. */
const missingKindMilliseconds = 2_000;
const firstBackOff = 100;
const longestBackOff = 5_000;
/** Servers end a watch after this; asking for it bounds how long a dead connection can go unnoticed. */
const watchSeconds = 240;
const gone = 410;

/** Resolves after the first list; rejects if that one fails. Goes on in the background until `signal` aborts. */
export async function startWatch(options: WatchOptions): Promise<void> {
  const { onState } = options;
  const known = new Map<string, KubeObject>();
  let version = await relist(options, known);
  onState('live');
  void follow();

  async function follow(): Promise<void> {
    let backOff = firstBackOff;
    let live = true;
    const set = (next: boolean): void => {
      if (live !== next && !options.signal.aborted) onState(next ? 'live' : 'lost');
      live = next;
    };
    while (!options.signal.aborted) {
      const begun = performance.now();
      try {
        if (version === undefined) {
          version = await relist(options, known);
          set(true);
          if (version === undefined) {
            await pause(missingKindMilliseconds, options.signal);
            continue;
          }
        }
        version = await watchFrom(
          options,
          known,
          version,
          () => set(true),
          (next) => {
            // Kept at each event, so that a stream that breaks is resumed where it broke.
            version = next;
          },
        );
        if (performance.now() - begun > 1_000) backOff = firstBackOff;
      } catch (error) {
        if (options.signal.aborted) return;
        set(false);
        // An answer that is an error says nothing of where the stream was: start again from a list.
        if (!(error instanceof ClusterError && error.reason === 'unreachable')) version = undefined;
      }
      if (performance.now() - begun < 1_000 && !options.signal.aborted) {
        await pause(backOff * (0.5 + options.random()), options.signal);
        backOff = Math.min(backOff * 2, longestBackOff);
      }
    }
  }
}

/** Tells the differences with what was known. The list's version; undefined when the kind is not there. */
async function relist(options: WatchOptions, known: Map<string, KubeObject>): Promise<string | undefined> {
  const path = await options.path();
  const reply = path
    ? await options.transport.call({ method: 'GET', path: withQuery(path, options.query), signal: options.signal })
    : undefined;
  const missing = reply === undefined || reply.status === 404;
  if (reply && !missing && reply.status !== 200) throw errorOfStatus(reply.status, reply.body);
  const list = (missing ? {} : reply.body) as { items?: KubeObject[]; metadata?: { resourceVersion?: string } };
  const seen = new Set<string>();
  for (const item of list.items ?? []) {
    const object = { ...item, apiVersion: options.apiVersion, kind: options.kind };
    seen.add(keyOf(object));
    take(options, known, known.has(keyOf(object)) ? 'MODIFIED' : 'ADDED', object);
  }
  for (const [key, object] of known) if (!seen.has(key)) take(options, known, 'DELETED', object);
  return missing ? undefined : (list.metadata?.resourceVersion ?? '');
}

/** Until the stream ends; the version to go on from, undefined when a new list is needed. */
async function watchFrom(
  options: WatchOptions,
  known: Map<string, KubeObject>,
  from: string,
  onOpen: () => void,
  onVersion: (version: string) => void,
): Promise<string | undefined> {
  const path = await options.path();
  if (path === undefined) return undefined;
  const query = {
    ...options.query,
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from,
    timeoutSeconds: String(Math.round(watchSeconds * (1 + 0.1 * options.random()))),
  };
  let version: string | undefined = from;
  let failure: ClusterError | undefined;
  const reply = await options.transport.lines(
    withQuery(path, query),
    onOpen,
    (line) => {
      const event = JSON.parse(line) as { type: string; object: KubeObject };
      if (event.type === 'ERROR') {
        const status = event.object as unknown as { code?: number };
        if (status.code !== gone) failure = errorOfStatus(status.code ?? 500, event.object);
        version = undefined;
        return;
      }
      version = event.object.metadata.resourceVersion ?? version;
      if (version !== undefined) onVersion(version);
      if (event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED')
        take(options, known, event.type, event.object);
    },
    options.signal,
  );
  if (failure) throw failure;
  if (reply.status === gone || reply.status === 404) return undefined;
  if (reply.status !== 200) throw errorOfStatus(reply.status, reply.body);
  return version;
}

function take(
  options: WatchOptions,
  known: Map<string, KubeObject>,
  type: KubeEvent['type'],
  object: KubeObject,
): void {
  const key = keyOf(object);
  const before = known.get(key);
  if (type === 'DELETED') known.delete(key);
  else if (before && sameVersion(before, object)) return;
  else known.set(key, object);
  options.onEvent({ type, object });
}

function sameVersion(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion === b.metadata.resourceVersion;
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function withQuery(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
}

/** Ends at once when the signal aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
