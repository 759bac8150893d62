import type { Clock, Registry } from '../contract.ts';
import { parseTime } from './time.ts';

/** As long as the API server keeps events. */
const LIFETIME = 3_600_000;
const PAUSE = 300_000;

/** Forgets old events whenever new ones come, so that a quiet cluster is not woken for it. */
export function startEventExpiry(registry: Registry, clock: Clock): () => void {
  let next = clock.now();
  let cancel: (() => void) | undefined;
  const stop = registry.watch('events', ({ type }) => {
    if (type !== 'ADDED' || clock.now() < next) return;
    next = clock.now() + PAUSE;
    cancel = clock.after(0, sweep);
  });
  return () => {
    stop();
    cancel?.();
  };

  function sweep() {
    for (const event of registry.list('events')) {
      const last = (event.lastTimestamp as string | undefined) ?? event.metadata.creationTimestamp;
      if (parseTime(last) + LIFETIME < clock.now())
        registry.remove('events', event.metadata.namespace, event.metadata.name);
    }
  }
}
