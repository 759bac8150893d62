import type { KubeObject } from '../../mesh/objects.ts';
import type { Clock, Registry } from '../contract.ts';
import { createEventTurn, type EventTurn } from './event-turn.ts';
import { timestamp } from './time.ts';
import { isApiError } from './work-queue.ts';

export interface EventSource {
  component: string;
  /** The node, for kubelets. */
  host?: string;
}

export type RecordEvent = (
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  fieldPath?: string,
) => void;

/** How many different events of a cluster are remembered to be counted up instead of written anew. */
const REMEMBERED = 2_000;

/** Writes Events about objects; the same event about the same object again only raises its count. */
export function createEventRecorder(registry: Registry, clock: Clock, source: EventSource): RecordEvent {
  return (object, type, reason, message, fieldPath) => {
    const desk = deskOf(registry, clock);
    // Not the object itself: what waits would keep each version of it.
    const involved = referenceTo(object, fieldPath);
    desk.turn.take({ desk, source, involved, type, reason, message, now: timestamp(clock) });
  };
}

/** Those of a cluster that stops are not written any more. */
export function stopEvents(registry: Registry): void {
  desks.get(registry)?.turn.stop();
  desks.delete(registry);
}

/** Where the events of one cluster are written, in one order, whoever tells of them. */
interface Desk {
  registry: Registry;
  clock: Clock;
  turn: EventTurn<Told>;
  /** Names by what they tell, the latest last. */
  written: Map<string, string>;
  /** Of events: another cluster in the same process does not change the names of this one's. */
  count: number;
}

const desks = new WeakMap<Registry, Desk>();

function deskOf(registry: Registry, clock: Clock): Desk {
  const known = desks.get(registry);
  if (known) return known;
  const desk = { registry, clock, turn: createEventTurn(clock, write), written: new Map<string, string>(), count: 0 };
  desks.set(registry, desk);
  return desk;
}

interface Told {
  desk: Desk;
  source: EventSource;
  involved: Involved;
  type: string;
  reason: string;
  message: string;
  /** RFC 3339. */
  now: string;
}

function write(told: Told): void {
  const { desk, source, involved, type, reason, message, now } = told;
  const { registry, written } = desk;
  const key = [source.component, source.host, involved.uid, involved.fieldPath, type, reason, message].join('\n');
  const namespace = involved.namespace ?? 'default';
  try {
    const known = written.get(key);
    const counted =
      known &&
      registry.edit('events', namespace, known, (event) => {
        event.count = Number(event.count) + 1;
        event.lastTimestamp = now;
      });
    if (counted) return;
    const name = eventName(involved.name, desk);
    registry.create('events', describe(told, name, namespace));
    remember(written, key, name);
  } catch (error) {
    // Nobody waits for an event: one about an object whose namespace is going away has nowhere to be.
    if (!isApiError(error)) throw error;
  }
}

function describe({ source, involved, type, reason, message, now }: Told, name: string, namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: involved,
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { ...source },
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  };
}

function remember(written: Map<string, string>, key: string, name: string): void {
  if (written.size >= REMEMBERED) {
    const oldest = written.keys().next();
    if (!oldest.done) written.delete(oldest.value);
  }
  written.delete(key);
  written.set(key, name);
}

interface Involved {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid: string | undefined;
  resourceVersion: string | undefined;
  fieldPath?: string;
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject, fieldPath: string | undefined): Involved {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace && { namespace }),
    uid,
    resourceVersion,
    ...(fieldPath && { fieldPath }),
  };
}

/** The object's name and sixteen hexadecimal digits: nanoseconds, made unique within a millisecond by a counter. */
function eventName(about: string, desk: Desk): string {
  desk.count = (desk.count + 1) % 1_000_000;
  const nanoseconds = BigInt(Math.floor(desk.clock.now())) * 1_000_000n + BigInt(desk.count);
  return `${about}.${nanoseconds.toString(16)}`;
}
