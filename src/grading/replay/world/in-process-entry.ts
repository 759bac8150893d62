// Requests at the ports of a cluster that lives in this process, handed to it without HTTP in between: most of what a
// replay does is to send them.

import { valuesOf } from '../../../mesh/repeated-headers.ts';
import type { HttpReply } from '../../../simulator/contract.ts';
import { Hangup } from '../../../simulator/dataplane/hangup.ts';
import { HOP_BY_HOP } from '../../../simulator/dataplane/ports/read-request.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Answer, RequestOptions, Shortcut } from '../../../traffic/exchange.ts';

const firstPort = 40_000;
const largestBody = 1_000_000;

/** For one cluster: its connections are numbered from the beginning. */
export function inProcessEntry({ enter }: Pick<Simulator, 'enter'>): Shortcut {
  const ports = new Map<number, number>();
  const portOf = (turn: number): number => {
    const known = ports.get(turn) ?? firstPort + ports.size;
    ports.set(turn, known);
    return known;
  };
  return (options, turn) => {
    const { hostname, host, port, pathname, search } = new URL(options.url);
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') return undefined;
    const hangup = new Hangup();
    const headers = headersOf(options);
    const { host: named = host, ...rest } = headers;
    const request = { method: options.method ?? 'GET', path: `${pathname}${search}`, authority: named, headers: rest };
    for (const name of HOP_BY_HOP) delete rest[name];
    const reply = enter(Number(port || 80), request, { port: portOf(turn), hangup });
    return reply && { answer: reply.then(answerOf), leave: () => hangup.end() };
  };
}

function headersOf({ headers = {} }: RequestOptions): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** As Node's client would read it. */
function answerOf({ status, headers: given, body }: HttpReply): Pick<Answer, 'status' | 'headers' | 'body'> {
  const headers: Answer['headers'] = {};
  for (const [name, text] of Object.entries(given)) {
    if (HOP_BY_HOP.has(name)) continue;
    const values = valuesOf(text);
    headers[name] = name === 'set-cookie' ? [...values] : values.join(', ');
  }
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return { status, headers, body: text.length > largestBody ? text.slice(0, largestBody) : text };
}
