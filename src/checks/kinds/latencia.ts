import { isOwedToSlowness } from '../../diagnosis/rules/latency.ts';
import { headersOf } from '../../labs/check-kinds/destination-fields.ts';
import type { LatencyPattern } from '../../labs/check-kinds/latencia.ts';
import { type LatencyMeasurement, measureLatency } from '../../traffic/measure-latency.ts';
import type { CheckKind } from '../check-kind.ts';
import { startControlRequests } from '../control-requests.ts';
import { findAddress, printTarget } from '../entry.ts';
import { routingKinds } from '../routing-kinds.ts';
import { openSession } from '../session.ts';

export const latencia: CheckKind<'latencia'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster, signal, clock, errorProbability }) {
    const { url, closed } = await findAddress(cluster, pattern);
    const { status, quantile, minimum = 0, maximum = Number.POSITIVE_INFINITY, session } = pattern;
    const host = headersOf({ ...pattern, headers: {} });
    const cookies = session && !closed ? await openSession(session, url, { destination: host, signal }) : {};
    const control = startControlRequests(cluster.client, clock, signal);
    const measured = closed
      ? unmeasured
      : await measureLatency({
          url: url.href,
          headers: { ...headersOf(pattern), ...cookies },
          quantile,
          minimum,
          maximum,
          status,
          errorProbability,
          rate,
          limit,
          signal,
        });
    const answering = await control.stop();
    signal.throwIfAborted();
    const { decision, requests, timed, estimate } = measured;
    const told = decision === 'correcto' && !isOwedToSlowness(estimate, minimum, answering);
    return {
      expected: expectation(pattern),
      observed: summary(measured, pattern),
      evidence: {
        requests,
        counts: measured.statuses,
        ...(timed > 0 ? { quantileMilliseconds: printable(measured, quantile) } : {}),
        ...(decision === 'seguir' ? {} : { errorBound: errorProbability }),
      },
      ...(told
        ? {}
        : { symptom: { type: 'latencia', pattern, url, measured, ...(answering !== undefined && { answering }) } }),
    };
  },
  watches: () => routingKinds,
};

/** Gentle: with answers of six seconds, a hundred and twenty are in flight at once. */
const rate = 20;
const limit = 200;

/** There is no port to ask. */
const unmeasured: LatencyMeasurement = {
  decision: 'incorrecto',
  requests: 0,
  statuses: { refused: 1 },
  timed: 0,
  estimate: 0,
  interval: { low: 0, high: Number.POSITIVE_INFINITY },
  errorProbability: 0,
  milliseconds: 0,
};

/** JSON has no infinity. */
function printable({ estimate, interval: { low, high } }: LatencyMeasurement, quantile: number) {
  return { quantile, estimate, low, ...(Number.isFinite(high) ? { high } : {}) };
}

function expectation({ quantile, minimum, maximum, status, session, ...target }: LatencyPattern): string {
  const which = quantile === 0.5 ? 'la mediana de lo' : `el cuantil ${printNumber(quantile)} de lo`;
  const user = session ? ', con la sesión abierta,' : '';
  return `${which} que ${printTarget(target)}${user} tarda en responder ${status} ${printEnds(minimum, maximum)}`;
}

function printEnds(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return `no pasa de ${printSeconds(maximum ?? 0)}`;
  if (maximum === undefined) return `no baja de ${printSeconds(minimum)}`;
  return `está entre ${printSeconds(minimum)} y ${printSeconds(maximum)}`;
}

function summary({ statuses, requests, timed, estimate }: LatencyMeasurement, { status }: LatencyPattern): string {
  const others = Object.entries(statuses).filter(([name]) => name !== String(status));
  const failed = others.length > 0 ? ` (otras: ${others.map(([name, n]) => `${n} × ${name}`).join(', ')})` : '';
  if (timed === 0) return `ninguna respuesta ${status}${failed}`;
  return `${printSeconds(estimate)} en ${requests} ${requests === 1 ? 'petición' : 'peticiones'}${failed}`;
}

export function printSeconds(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${printNumber(milliseconds / 1_000)} s`;
}

function printNumber(value: number): string {
  return value.toLocaleString('es', { maximumFractionDigits: 2 });
}
