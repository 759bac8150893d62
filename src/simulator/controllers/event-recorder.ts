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

/** How many different events are remembered to be counted up instead of written anew. */
const REMEMBERED = 2_000;

/** Writes Events about objects; the same event about the same object again only raises its count. */
export function createEventRecorder(registry: Registry, clock: Clock, source: EventSource): RecordEvent {
  const written = new Map<string, string>();

  return (object, type, reason, message, fieldPath) => {
    const now = timestamp(clock);
    // Not the object itself: what waits would keep each version of it.
    const involved = referenceTo(object, fieldPath);
    turnOf(registry, clock).take(() => write({ involved, type, reason, message, now }));
  };

  function write(told: Told) {
    const { involved, type, reason, message, now } = told;
    const key = [involved.uid, involved.fieldPath, type, reason, message].join('\n');
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
      const name = eventName(involved.name, clock, registry);
      registry.create('events', describe(told, name, namespace));
      remember(key, name);
    } catch (error) {
      // Nobody waits for an event: one about an object whose namespace is going away has nowhere to be.
      if (!isApiError(error)) throw error;
    }
  }

  function describe({ involved, type, reason, message, now }: Told, name: string, namespace: string): KubeObject {
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

  function remember(key: string, name: string) {
    if (written.size >= REMEMBERED) {
      const oldest = written.keys().next();
      if (!oldest.done) written.delete(oldest.value);
    }
    written.delete(key);
    written.set(key, name);
  }
}

interface Told {
  involved: Involved;
  type: string;
  reason: string;
  message: string;
  /** RFC 3339. */
  now: string;
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

/** Those of a cluster that stops are not written any more. */
export function stopEvents(registry: Registry): void {
  turns.get(registry)?.stop();
  turns.delete(registry);
}

/** The events of one cluster come in one order, whoever tells of them. */
const turns = new WeakMap<Registry, EventTurn>();

function turnOf(registry: Registry, clock: Clock): EventTurn {
  const known = turns.get(registry) ?? createEventTurn(clock);
  turns.set(registry, known);
  return known;
}

/** Events of each cluster: another one in the same process does not change its names. */
const counts = new WeakMap<Registry, number>();

/** The object's name and sixteen hexadecimal digits: nanoseconds, made unique within a millisecond by a counter. */
function eventName(about: string, clock: Clock, registry: Registry): string {
  const sequence = ((counts.get(registry) ?? 0) + 1) % 1_000_000;
  counts.set(registry, sequence);
  const nanoseconds = BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(sequence);
  return `${about}.${nanoseconds.toString(16)}`;
}
