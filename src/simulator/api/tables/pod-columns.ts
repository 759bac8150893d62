// The columns of Pods: READY and STATUS sum up the containers the way kubectl words them.
import { age, ageColumn, type Column, column, nameColumn, wide } from './column.ts';

type Status = ReturnType<typeof JSON.parse>;

export const podColumns: Column[] = [
  nameColumn,
  column('Ready', ({ spec, status }) => {
    // Restartable init containers (native sidecars) count as containers.
    const sidecars = new Set(
      (spec.initContainers ?? []).filter((c: Status) => c.restartPolicy === 'Always').map((c: Status) => c.name),
    );
    const counted = [
      ...(status.containerStatuses ?? []),
      ...(status.initContainerStatuses ?? []).filter((s: Status) => sidecars.has(s.name)),
    ];
    return `${counted.filter((s: Status) => s.ready).length}/${(spec.containers?.length ?? 0) + sidecars.size}`;
  }),
  column('Status', ({ meta, spec, status }) => podStatus(meta, spec, status)),
  column('Restarts', ({ spec, status }, now) => restarts(spec, status, now)),
  ageColumn,
  wide('IP', ({ status }) => status.podIP || '<none>'),
  wide('Node', ({ spec }) => spec.nodeName || '<none>'),
  wide('Nominated Node', ({ status }) => status.nominatedNodeName || '<none>'),
  wide('Readiness Gates', ({ spec }) => (spec.readinessGates?.length ? `0/${spec.readinessGates.length}` : '<none>')),
];

function podStatus(meta: Status, spec: Status, status: Status): string {
  if (meta.deletionTimestamp) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  const initial = initStatus(spec, status);
  if (initial) return initial;
  let text: string = status.reason || status.phase || 'Pending';
  const scheduled = (status.conditions ?? []).find((c: Status) => c.type === 'PodScheduled');
  if (scheduled?.reason === 'SchedulingGated') text = 'SchedulingGated';
  let running = false;
  for (const s of (status.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated } = s.state ?? {};
    if (waiting?.reason) text = waiting.reason;
    else if (terminated)
      text =
        terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
    else if (s.ready && s.state?.running) running = true;
  }
  if (text === 'Completed' && running) {
    return (status.conditions ?? []).some((c: Status) => c.type === 'Ready' && c.status === 'True')
      ? 'Running'
      : 'NotReady';
  }
  return text;
}

/** What holds the pod in its init containers, or undefined when they are past. */
function initStatus(spec: Status, status: Status): string | undefined {
  const containers = spec.initContainers ?? [];
  const statuses = status.initContainerStatuses ?? [];
  for (const [i, s] of statuses.entries()) {
    const restartable = containers.find((c: Status) => c.name === s.name)?.restartPolicy === 'Always';
    const { waiting, terminated } = s.state ?? {};
    if (terminated?.exitCode === 0 && !restartable) continue;
    if (restartable && s.started) continue;
    if (terminated && !restartable) return `Init:${terminated.reason || `ExitCode:${terminated.exitCode}`}`;
    if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
    return `Init:${i}/${containers.length}`;
  }
  return undefined;
}

function restarts(spec: Status, status: Status, now: number): string {
  const sidecars = new Set(
    (spec.initContainers ?? []).filter((c: Status) => c.restartPolicy === 'Always').map((c: Status) => c.name),
  );
  const counted = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []).filter((s: Status) => sidecars.has(s.name)),
  ];
  const total = counted.reduce((sum: number, s: Status) => sum + (s.restartCount ?? 0), 0);
  const last = counted
    .map((s: Status) => s.lastState?.terminated?.finishedAt)
    .filter(Boolean)
    .sort()
    .at(-1);
  return total > 0 && last ? `${total} (${age(last, now)} ago)` : String(total);
}
