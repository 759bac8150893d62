import type { Clock } from '../contract.ts';
import type { Probe } from '../controllers/kinds.ts';
import { askProbe, type ProbeTarget, probeUrl } from './probe-target.ts';

export interface ProbeLoop {
  probe: Probe;
  target: ProbeTarget;
  clock: Clock;
  /** Milliseconds until the first try. */
  delay: number;
  /** Until the first success, tries follow each other faster than the probe's period, which fits a cluster that starts in milliseconds. */
  eager: boolean;
  /** Each outcome that counts: after as many in a row as the probe's threshold asks. */
  onSuccess(): void;
  onFailure(): void;
  /** A try that failed, in the kubelet's words. */
  onMiss(message: string): void;
}

const FIRST_RETRY = 50;

/** Probes until stopped. Returns the stop; the first try may be over, and its callback called, before it returns. */
export function startProbe(loop: ProbeLoop): () => void {
  const { probe, clock } = loop;
  const period = (probe.periodSeconds ?? 10) * 1000;
  const threshold = probe.failureThreshold ?? 3;
  let pause = period;
  let retry = FIRST_RETRY;
  let succeeded = !loop.eager;
  let failures = 0;
  let firstMiss: number | undefined;
  let stopped = false;
  let cancel = loop.delay > 0 ? clock.after(loop.delay, attempt) : () => {};
  if (loop.delay <= 0) attempt();
  return () => {
    stopped = true;
    cancel();
  };

  function attempt() {
    if (stopped) return;
    const answer = askProbe(probe, loop.target);
    if (!(answer instanceof Promise)) return settle(answer);
    const timeout = (probe.timeoutSeconds ?? 1) * 1000;
    let waiting = true;
    const finish = (miss: string | undefined) => {
      if (!waiting) return;
      waiting = false;
      cancelTimeout();
      if (!stopped) settle(miss);
    };
    const cancelTimeout = clock.after(timeout, () =>
      finish(
        `Get "${probeUrl(probe, loop.target)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      ),
    );
    void answer.then(finish);
  }

  function settle(miss: string | undefined) {
    if (miss === undefined) succeed();
    else fail(miss);
    if (!stopped) cancel = clock.after(pause, attempt);
  }

  function succeed() {
    succeeded = true;
    failures = 0;
    pause = period;
    loop.onSuccess();
  }

  function fail(message: string) {
    failures += 1;
    firstMiss ??= clock.now();
    pause = succeeded ? period : Math.min(retry, period);
    retry *= 2;
    if (failures === 1 || pause === period) loop.onMiss(message);
    // Eager tries come closer together than the probe's own, so before the first success time counts, not tries.
    const tries = succeeded ? failures : Math.floor((clock.now() - firstMiss) / period) + 1;
    if (tries >= threshold) {
      failures = 0;
      loop.onFailure();
    }
  }
}
