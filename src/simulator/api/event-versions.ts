// Events are served by two groups: the core one, in whose form they are stored, and events.k8s.io, whose fields have other
// names.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KindDefinition } from './kinds/built-in.ts';

export const newEvents: KindDefinition = {
  group: 'events.k8s.io',
  versions: ['v1'],
  kind: 'Event',
  listKind: 'EventList',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  subresources: [],
  storedAs: '/v1',
};

/** Name in events.k8s.io → name in core. What is in neither list is called the same. */
const NAMES: readonly [there: string, core: string][] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];

/** What Go writes of an event that says nothing of it. */
export function withZeroes(event: KubeObject): KubeObject {
  return { firstTimestamp: null, lastTimestamp: null, eventTime: null, source: {}, ...event };
}

export function asNewEvent(event: KubeObject): KubeObject {
  return { ...renamed(event, new Map(NAMES.map(([there, core]) => [core, there]))), apiVersion: 'events.k8s.io/v1' };
}

export function asCoreEvent(event: KubeObject): KubeObject {
  return { ...renamed(event, new Map(NAMES)), apiVersion: 'v1' };
}

function renamed(event: KubeObject, names: ReadonlyMap<string, string>): KubeObject {
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [names.get(key) ?? key, value])) as KubeObject;
}
