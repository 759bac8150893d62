// `kubectl logs`: the lines of one container, and those to come.
import type { KubeObject } from '../../../../mesh/objects.ts';
import type { LogLine } from '../../../contract.ts';
import { badRequest, notFound } from '../../errors.ts';
import { isMap } from '../body.ts';
import { createChannel } from '../channel.ts';
import type { ResourceRequest } from '../context.ts';
import { existing } from '../objects.ts';
import { flag, wholeNumber } from '../query-options.ts';
import { checkLogOptions } from './log-options.ts';
import { chooseContainer } from './pod-containers.ts';
import { itself, ofCore, type Subresource } from './subresource.ts';

export const log: Subresource = {
  name: 'log',
  of: ofCore('pods'),
  answers: itself,
  get(r) {
    const { query } = r.request;
    const pod = existing(r);
    checkLogOptions(query, pod.metadata.name);
    const container = chooseContainer(pod, query.get('container') ?? '');
    // Nobody has it who could have written anything.
    if (!isMap(pod.spec) || !pod.spec.nodeName) return { status: 204, headers: {}, body: '' };
    const write = lineWriter(query);
    const { logs } = r.context;
    const uid = pod.metadata.uid ?? '';
    const headers = { 'content-type': 'text/plain' };
    const previous = flag(query, 'previous');
    if (!previous) checkStarted(pod, container);
    const lines = previous ? previousLines(r, pod, container) : logs.read(uid, container);
    const past = lastLines(r, lines).map(write).join('');
    if (previous || !flag(query, 'follow')) return { status: 200, headers, body: past };
    return { status: 200, headers, body: followed(r, pod, container, past, write) };
  },
};

function followed(
  r: ResourceRequest,
  pod: KubeObject,
  container: string,
  past: string,
  write: (line: LogLine) => string,
) {
  const uid = pod.metadata.uid ?? '';
  const stops: (() => void)[] = [];
  const channel = createChannel(r.request.signal, () => {
    for (const stop of stops) stop();
  });
  if (past !== '') channel.begin([past]);
  stops.push(r.context.logs.follow(uid, container, (line) => void channel.push(write(line))));
  // The stream ends with the container, as the kubelet ends it.
  const ends = (changed: KubeObject): boolean =>
    changed.metadata.uid === uid && stateOf(changed, container) === 'terminated';
  stops.push(
    r.context.registry.store.onEvent((event) => {
      if (event.resource !== 'pods' || event.object.metadata.uid !== uid) return;
      if (event.type === 'DELETED' || ends(event.object)) channel.end();
    }),
  );
  if (ends(pod)) channel.end();
  return channel.lines;
}

function lastLines(r: ResourceRequest, lines: readonly LogLine[]): readonly LogLine[] {
  const { query } = r.request;
  const tail = wholeNumber(query, 'tailLines');
  const from = since(query, r.context.clock.now());
  const recent = from === undefined ? lines : lines.filter((line) => line.time >= from);
  if (tail === undefined) return recent;
  return tail <= 0 ? [] : recent.slice(-tail);
}

function since(query: URLSearchParams, now: number): number | undefined {
  const seconds = wholeNumber(query, 'sinceSeconds');
  if (seconds !== undefined) return now - seconds * 1000;
  const text = query.get('sinceTime');
  return text ? Date.parse(text) : undefined;
}

/** Adds the time when asked for, and stops at limitBytes. */
function lineWriter(query: URLSearchParams): (line: LogLine) => string {
  const timestamps = flag(query, 'timestamps');
  let left = wholeNumber(query, 'limitBytes') ?? Number.POSITIVE_INFINITY;
  return ({ time, text }) => {
    const line = Buffer.from(timestamps ? `${nanoseconds(time)} ${text}\n` : `${text}\n`);
    const cut = line.subarray(0, Math.max(0, left));
    left -= cut.length;
    return cut.toString();
  };
}

function nanoseconds(time: number): string {
  return new Date(time).toISOString().replace('Z', '000000Z');
}

interface ContainerStatus {
  name: string;
  state?: { waiting?: { reason?: string }; running?: unknown; terminated?: { containerID?: string } };
  lastState?: { terminated?: { containerID?: string } };
}

function statusOf(pod: KubeObject, container: string): ContainerStatus | undefined {
  const status = isMap(pod.status) ? pod.status : {};
  const all = [status.initContainerStatuses, status.containerStatuses, status.ephemeralContainerStatuses].flatMap(
    (s) => (Array.isArray(s) ? s : []),
  );
  return all.find((s: ContainerStatus) => s.name === container);
}

function stateOf(pod: KubeObject, container: string): 'waiting' | 'running' | 'terminated' | undefined {
  const { state } = statusOf(pod, container) ?? {};
  if (state?.terminated) return 'terminated';
  if (state?.running) return 'running';
  return state?.waiting ? 'waiting' : undefined;
}

/** A container that never ran has no log; the API server says why instead. */
function checkStarted(pod: KubeObject, container: string): void {
  const found = statusOf(pod, container);
  if (found?.state?.running || found?.state?.terminated || found?.lastState?.terminated) return;
  const reason = found?.state?.waiting?.reason;
  const subject = `container "${container}" in pod "${pod.metadata.name}"`;
  if (!reason) throw badRequest(`${subject} is not available`);
  throw badRequest(`${subject} is waiting to start: ${waitingTexts[reason] ?? reason}`);
}

const waitingTexts: Record<string, string> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

/** While the container waits to be started again, its last run is the one that ended; throws when none has. */
function previousLines({ context: { logs } }: ResourceRequest, pod: KubeObject, container: string): readonly LogLine[] {
  const { state, lastState } = statusOf(pod, container) ?? {};
  const ended = lastState?.terminated;
  if (!ended) {
    throw badRequest(`previous terminated container "${container}" in pod "${pod.metadata.name}" not found`);
  }
  const uid = pod.metadata.uid ?? '';
  const isLast = !state?.running && (!state?.terminated || state.terminated.containerID === ended.containerID);
  const lines = isLast ? logs.read(uid, container) : logs.previous(uid, container);
  if (!lines) throw notFound('previous logs of container', container);
  return lines;
}
