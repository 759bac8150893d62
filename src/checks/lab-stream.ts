// The stream of requests of a lab: started and stopped at will, and telling when nobody answers it.
import type { Cluster } from '../cluster/contract.ts';
import type { Lab } from '../labs/lab.ts';
import type { Answer } from '../traffic/load.ts';
import { type StreamOptions, streamRequests } from '../traffic/stream.ts';
import { UnknownEntryError, urlOf } from './entry.ts';
import type { FollowEvent } from './follow-event.ts';

export interface LabStream {
  /** Does nothing when it flows already, or when the lab has no stream. */
  start(): void;
  stop(): void;
  /** Answers by status, or by what went wrong: `200`, `503`, `sin conexión`. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface LabStreamOptions {
  signal: AbortSignal;
  onChange?: (event: Extract<FollowEvent, { event: 'traffic' }>) => void;
  onAnswer?: (answer: Answer) => void;
  send?: StreamOptions['send'];
}

export function createLabStream(lab: Lab, cluster: Cluster, options: LabStreamOptions): LabStream {
  const { signal, onAnswer, onChange = () => {}, send } = options;
  const rate = lab.traffic.reduce((sum, flow) => sum + flow.rate, 0);
  const counts: Record<string, number> = {};
  let flowing: AbortController | undefined;
  let trouble: string | undefined;

  const tell = (): void => {
    if (signal.aborted) return;
    onChange({ event: 'traffic', rate: flowing ? rate : 0, ...(flowing && trouble ? { trouble } : {}) });
  };
  const answered = (answer: Answer): void => {
    const name = nameOf(answer);
    counts[name] = (counts[name] ?? 0) + 1;
    onAnswer?.(answer);
    const before = trouble;
    trouble = troubleOf(answer);
    if (trouble !== before) tell();
  };

  return {
    counts,
    start() {
      if (flowing || lab.traffic.length === 0 || signal.aborted) return;
      const own = new AbortController();
      try {
        const flows = lab.traffic.map(({ path, headers, rate }) => ({ url: urlOf(cluster, path).href, headers, rate }));
        const whole = AbortSignal.any([signal, own.signal]);
        const done = streamRequests({ flows, signal: whole, onAnswer: answered, ...(send ? { send } : {}) });
        // Its time is over: `start` begins again.
        void done.then(() => flowing === own && this.stop());
      } catch (error) {
        if (!(error instanceof UnknownEntryError)) throw error;
        return onChange({ event: 'traffic', rate: 0, trouble: 'no se conoce la dirección de entrada' });
      }
      flowing = own;
      tell();
    },
    stop() {
      flowing?.abort();
      flowing = undefined;
      trouble = undefined;
      if (rate > 0) tell();
    },
  };
}

const failures = {
  refused: 'la entrada rechaza la conexión',
  dns: 'el nombre de la entrada no se resuelve',
  timeout: 'la entrada no contesta a tiempo',
  reset: 'la entrada corta la conexión',
};

/** Errors of the application are something to see; what never entered the mesh is not. */
function troubleOf({ failure, status }: Answer): string | undefined {
  if (failure) return failures[failure];
  return status === 404 ? 'la entrada responde 404: ninguna regla recoge esa ruta' : undefined;
}

function nameOf({ failure, status }: Answer): string {
  if (!failure) return String(status);
  return failure === 'timeout' ? 'sin respuesta' : 'sin conexión';
}
