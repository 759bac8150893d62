// Container logs in memory: a ring per container, and whoever follows it.
import type { Clock, LogBook, LogLine } from '../contract.ts';

const LINES_KEPT = 10_000;
/** Old lines are dropped this many at a time, so that a full log does not shift its array on every line. */
const SLACK = 1_000;

interface ContainerLog {
  container: string;
  lines: LogLine[];
  previous?: LogLine[];
  begun: boolean;
  /** Who follows it: of most, nobody. */
  listeners: Set<(line: LogLine) => void> | undefined;
}

export function createLogBook(clock: Clock): LogBook {
  /** Of a pod's few containers: thousands of pods never write a line. */
  const pods = new Map<string, ContainerLog[]>();

  function find(podUid: string, container: string): ContainerLog | undefined {
    return pods.get(podUid)?.find((log) => log.container === container);
  }

  function open(podUid: string, container: string): ContainerLog {
    const known = find(podUid, container);
    if (known) return known;
    const log: ContainerLog = { container, lines: [], begun: false, listeners: undefined };
    pods.set(podUid, (pods.get(podUid) ?? []).concat(log));
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
      if (log.listeners) for (const listener of [...log.listeners]) listener(line);
    },
    read(podUid, container) {
      return find(podUid, container)?.lines.slice(-LINES_KEPT) ?? [];
    },
    previous: (podUid, container) => find(podUid, container)?.previous?.slice(-LINES_KEPT),
    follow(podUid, container, listener) {
      const log = open(podUid, container);
      log.listeners = (log.listeners ?? new Set()).add(listener);
      return () => log.listeners?.delete(listener);
    },
    drop(podUid) {
      pods.delete(podUid);
    },
  };
}
