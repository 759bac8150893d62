// The events of an object, as `describe` ends with them.
import type { KubeObject } from '../../../mesh/objects.ts';
import { pathOf } from '../discovery.ts';
import type { Session } from '../session.ts';
import type { Page } from './page.ts';

interface EventObject extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  source?: { component?: string };
  reportingComponent?: string;
}

export async function addEvents(page: Page, session: Session, object: KubeObject): Promise<void> {
  const resource = await session.discovery.named('events');
  const { name, namespace = 'default', uid } = object.metadata;
  const fieldSelector = [
    `involvedObject.name=${name}`,
    `involvedObject.kind=${object.kind}`,
    ...(object.metadata.namespace ? [`involvedObject.namespace=${namespace}`] : []),
    ...(uid ? [`involvedObject.uid=${uid}`] : []),
  ].join(',');
  const { items = [] } = await session.api.json<{ items?: EventObject[] }>({
    path: pathOf(resource, namespace),
    query: { fieldSelector, limit: '500' },
  });
  if (items.length === 0) {
    page.field(0, 'Events', '<none>');
    return;
  }
  page.line(0, 'Events:');
  page.line(1, 'Type\tReason\tAge\tFrom\tMessage');
  page.line(1, '----\t------\t----\t----\t-------');
  const now = Date.now();
  for (const event of items.toSorted((a, b) => lastSeen(a) - lastSeen(b))) {
    const from = event.source?.component || event.reportingComponent || '';
    page.line(
      1,
      [event.type ?? '', event.reason ?? '', ageText(event, now), from, (event.message ?? '').trim()].join('\t'),
    );
  }
}

const lastSeen = (e: EventObject) =>
  Date.parse(e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp ?? '') || 0;

function ageText(event: EventObject, now: number): string {
  const first = Date.parse(event.firstTimestamp ?? event.eventTime ?? '') || lastSeen(event);
  const last = duration(now - lastSeen(event));
  return (event.count ?? 1) > 1 ? `${last} (x${event.count} over ${duration(now - first)})` : last;
}

/** kubectl's short ages: 45s, 3m20s, 15m, 5h12m, 2d3h, 12d. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  return `${days}d`;
}
