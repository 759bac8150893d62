// `malla medir`: sends requests by the entry and says what share of them each destination of a VirtualService got.
import { type Command, InvalidArgumentError } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { openConnections } from '../../traffic/exchange.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import type { Invocation } from '../host.ts';
import {
  type DestinationCount,
  destinationCounts,
  readCounters,
  requestsFor,
  type SentRequest,
} from '../route-split.ts';

interface Options extends AccessOptions {
  espacio: string;
  peticiones: number;
  json?: boolean;
}

export interface MeasuredSplit {
  route: string;
  namespace: string;
  /** Requests sent by the entry, and of them those without an answer. */
  sent: number;
  unanswered: number;
  destinations: DestinationCount[];
  milliseconds: number;
}

export function measureCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('medir')
      .description('envía peticiones y dice cuántas ha recibido cada destino de un VirtualService')
      .argument('<VIRTUALSERVICE>', 'su nombre')
      .option('--espacio <NOMBRE>', 'su espacio de nombres', 'default')
      .option('--peticiones <N>', 'cuántas se envían', readCount, 200)
      .option('--json', 'el resultado en una línea de JSON'),
  ).action(async (name: string, options: Options) => {
    const cluster = await reachCluster(host, options);
    const { client, access } = cluster;
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };
    const route = await client.get({ ...ref, namespace: options.espacio, name });
    if (!route) throw notApplied(name, options.espacio);
    const begun = performance.now();
    const before = await readCounters(client, host.signal);
    const asked = access.entry ? requestsFor(route, await client.list(ref)) : [];
    const line = openLine(access.entry ?? '', host.signal);
    const counted = async () => destinationCounts(route, before, await readCounters(client, host.signal));
    await line.sendUseful(asked, options.peticiones, async () => totalOf(await counted()));
    const { sent, unanswered } = line;
    const destinations = await counted();
    if (destinations.every(({ requests }) => requests === 0)) throw noTraffic(name, sent);
    const measured: MeasuredSplit = {
      route: name,
      namespace: options.espacio,
      sent,
      unanswered,
      destinations,
      milliseconds: Math.round(performance.now() - begun),
    };
    host.stdout.write(options.json ? `${JSON.stringify(measured)}\n` : describe(measured));
  });
}

/** Gentle: others may be using the cluster. */
const AT_ONCE = 4;
/** Of each page, to see whether the requests that it makes pass by the routes. */
const TRIAL = 5;

interface Line {
  sent: number;
  unanswered: number;
  /** Tries each page a little and then asks the ones that count, up to `count` requests in all. */
  sendUseful(asked: readonly SentRequest[], count: number, passed: () => Promise<number>): Promise<void>;
}

function openLine(entry: string, signal: AbortSignal): Line {
  const send = async (asked: readonly SentRequest[], count: number): Promise<void> => {
    const connections = openConnections(entry, AT_ONCE);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < count && !signal.aborted; index = next++) {
        const { path, host } = asked[index % asked.length] ?? { path: '/' };
        const answer = await connections.exchange({ url: `${entry}${path}`, ...(host && { headers: { host } }) });
        line.sent += 1;
        if (!answer || answer.failure) line.unanswered += 1;
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      connections.close();
    }
    signal.throwIfAborted();
  };
  const line: Line = {
    sent: 0,
    unanswered: 0,
    async sendUseful(asked, count, passed) {
      const useful: SentRequest[] = [];
      let before = 0;
      for (const one of asked.length > 1 ? asked : []) {
        await send([one], Math.min(TRIAL, count - line.sent));
        const now = await passed();
        if (now > before) useful.push(one);
        before = now;
      }
      const chosen = useful.length > 0 ? useful : asked;
      if (chosen.length > 0) await send(chosen, count - line.sent);
    },
  };
  return line;
}

function totalOf(destinations: readonly DestinationCount[]): number {
  return destinations.reduce((sum, { requests }) => sum + requests, 0);
}

export function describe({ destinations, sent }: MeasuredSplit): string {
  const total = totalOf(destinations);
  const rows = destinations.map(({ host, subset, requests }) => {
    const share = (total === 0 ? 0 : (requests / total) * 100).toFixed(1).replace('.', ',');
    return `  ${share.padStart(5)} %  ${String(requests).padStart(6)}  ${host}${subset ? ` (${subset})` : ''}`;
  });
  return `${[`De ${total} peticiones que han pasado por él (${sent} enviadas por la entrada):`, ...rows].join('\n')}\n`;
}

function notApplied(name: string, namespace: string): CodedError {
  return new CodedError({
    code: 'MALLA-YML-22',
    happened: `El VirtualService «${name}» no está en el espacio de nombres ${namespace} del clúster.`,
    expected: 'Uno que esté aplicado: se mide lo que pasa, no lo que dice el fichero.',
    todo: 'Aplícalo y vuelve a medir.',
  });
}

function noTraffic(name: string, sent: number): CodedError {
  return new CodedError({
    code: 'MALLA-YML-23',
    happened:
      sent > 0
        ? `Ninguna de las ${sent} peticiones ha pasado por las reglas de «${name}».`
        : `Nadie ha enviado peticiones que pasen por «${name}», y no hay por dónde enviarlas.`,
    expected: 'Peticiones por la entrada que lleguen a esas reglas, directamente o a través de otra página.',
    todo: 'Mira si un Gateway y un VirtualService llevan hasta ahí, o envía tú tráfico desde un pod mientras mides.',
  });
}

function readCount(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 0 && count <= 10_000) return count;
  throw new InvalidArgumentError('«--peticiones» es un número entero de 0 a 10000');
}
