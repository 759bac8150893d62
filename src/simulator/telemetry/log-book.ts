// Container logs in memory: a ring per container, and whoever follows it.
import type { Clock, LogBook, LogLine } from '../contract.ts';

const LINES_KEPT = 10_000;
/** Old lines are dropped this many at a time, so that a full log does not shift its array on every line. */
const SLACK = 1_000;

interface ContainerLog {
  lines: LogLine[];
  previous?: LogLine[];
  begun: boolean;
  listeners: Set<(line: LogLine) => void>;
}

export function createLogBook(clock: Clock): LogBook {
  const pods = new Map<string, Map<string, ContainerLog>>();

  function open(podUid: string, container: string): ContainerLog {
    const containers = pods.get(podUid) ?? new Map<string, ContainerLog>();
    pods.set(podUid, containers);
    const log = containers.get(container) ?? { lines: [], begun: false, listeners: new Set() };
    containers.set(container, log);
    return log;
  }

  return {
    begin(podUid, container) {
      const log = open(podUid, container);
      // Of three runs the first is forgotten.
      if (log.begun) [log.previous, log.lines] = [log.lines, []];
      log.begun = true;
    },
    append(podUid, container, text) {
      const log = open(podUid, container);
      const line = { time: clock.now(), text };
      log.lines.push(line);
      if (log.lines.length >= LINES_KEPT + SLACK) log.lines = log.lines.slice(-LINES_KEPT);
      for (const listener of [...log.listeners]) listener(line);
    },
    read(podUid, container) {
      return pods.get(podUid)?.get(container)?.lines.slice(-LINES_KEPT) ?? [];
    },
    previous: (podUid, container) => pods.get(podUid)?.get(container)?.previous?.slice(-LINES_KEPT),
    follow(podUid, container, listener) {
      const log = open(podUid, container);
      log.listeners.add(listener);
      return () => log.listeners.delete(listener);
    },
    drop(podUid) {
      pods.delete(podUid);
    },
  };
}
