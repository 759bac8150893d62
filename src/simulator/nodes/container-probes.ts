import type { Clock, RunningContainer } from '../contract.ts';
import type { Container, Probe } from '../controllers/kinds.ts';
import { startProbe } from './probe-loop.ts';

export interface ProbedContainer {
  spec: Container;
  podIP: string;
  clock: Clock;
  programs: () => Iterable<RunningContainer>;
  /** Milliseconds from running to the first readiness probe. */
  readyDelay: number;
  /** What holds already, when an earlier process found it out. */
  started: boolean;
  ready: boolean;
  onStarted(): void;
  onReady(ready: boolean): void;
  /** A startup or liveness probe gave up on the program. */
  onDead(probe: 'startup' | 'liveness'): void;
  onMiss(message: string): void;
}

/** Runs a container's probes, the startup probe before the others. Returns the stop. */
export function probeContainer(container: ProbedContainer): () => void {
  const { spec } = container;
  const stops: (() => void)[] = [];
  let stopped = false;
  if (spec.startupProbe && !container.started) awaitStart(spec.startupProbe);
  else probeRunning();
  return stopAll;

  function awaitStart(probe: Probe) {
    let done = false;
    run('Startup', probe, 0, true, {
      onSuccess() {
        if (done) return;
        done = true;
        stopAll();
        stopped = false;
        container.onStarted();
        probeRunning();
      },
      onFailure: () => container.onDead('startup'),
    });
  }

  function probeRunning() {
    const { readinessProbe, livenessProbe } = spec;
    if (readinessProbe) {
      const delay = container.ready ? seconds(readinessProbe.periodSeconds) : container.readyDelay;
      run('Readiness', readinessProbe, delay, !container.ready, {
        onSuccess: () => container.onReady(true),
        onFailure: () => container.onReady(false),
      });
    }
    if (livenessProbe && !stopped) {
      const delay = Math.max(seconds(livenessProbe.periodSeconds), (livenessProbe.initialDelaySeconds ?? 0) * 1000);
      run('Liveness', livenessProbe, delay, false, {
        onSuccess: () => {},
        onFailure: () => container.onDead('liveness'),
      });
    }
  }

  function run(
    kind: 'Startup' | 'Readiness' | 'Liveness',
    probe: Probe,
    delay: number,
    eager: boolean,
    outcome: { onSuccess(): void; onFailure(): void },
  ) {
    const { podIP, clock, programs } = container;
    const stop = startProbe({
      probe,
      target: { podIP, container: spec, programs },
      clock,
      delay,
      eager,
      ...outcome,
      onMiss: (message) => container.onMiss(`${kind} probe failed: ${message}`),
    });
    stops.push(stop);
  }

  function stopAll() {
    stopped = true;
    for (const stop of stops.splice(0)) stop();
  }
}

function seconds(period = 10): number {
  return period * 1000;
}
