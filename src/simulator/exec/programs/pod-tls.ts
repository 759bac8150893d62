// TLS of a pod's programs: the pod's network carries its bytes, and who they are for ends it.
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { send } from '../../../tools/curl/node-world.ts';
import type { Progress, Request } from '../../../tools/curl/world.ts';
import { CallError, type CallFailure, type HttpReply, type HttpRequest } from '../../contract.ts';
import type { Machine } from '../program.ts';
import { addressOf, connectionTo, failure, systemError } from './pod-network.ts';

/** What Linux gives a connection that nobody answers. */
const CONNECT_TIMEOUT = 127_000;

/** As World.send has it, for https. */
export function sendSecurely(machine: Machine, request: Request, progress: Progress): () => void {
  const { url, port, address, destination } = request;
  const to = destination ?? { host: address ?? url.hostname, port };
  let connection: Duplex;
  try {
    if (!machine.context?.connect) throw new CallError('dns', 'no network');
    connection = machine.context.connect(to.host, to.port);
  } catch (error) {
    queueMicrotask(() => progress.failed(systemError(error)));
    return () => {};
  }
  const timer = setTimeout(() => connection.destroy(failure('ETIMEDOUT', 'nobody answers')), CONNECT_TIMEOUT);
  connection.once('close', () => clearTimeout(timer));
  const giveUp = send(
    request,
    {
      ...progress,
      secured() {
        clearTimeout(timer);
        const remoteAddress = addressOf(machine, to.host);
        progress.resolved(remoteAddress);
        progress.connected(connectionTo(machine, remoteAddress, to.port));
        progress.secured();
      },
    },
    connection,
  );
  return () => {
    giveUp();
    connection.destroy();
  };
}

/** A request over TLS to the end of its answer, whoever's certificate that is. Rejects with CallError. */
export function callSecurely(machine: Machine, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
  const { method, path: target, authority, headers, body } = request;
  const url = new URL(`https://${authority}${target}`);
  const own = { ...headers, host: authority, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) };
  return new Promise((resolve, reject) => {
    const none = { address: undefined, destination: undefined, certificate: undefined, client: undefined };
    const rest = { ...none, insecure: true, latestTls: undefined, limit: undefined, version: '1.1' as const };
    const sent = { ...rest, url, port: Number(url.port || 443), method, target, signal, headers: Object.entries(own) };
    sendSecurely(
      machine,
      { ...sent, body: body === undefined ? undefined : Buffer.from(body) },
      {
        resolved() {},
        connected() {},
        secured() {},
        answered({ status, headers: answered, body: stream }) {
          buffer(stream).then(
            (whole) => resolve({ status, headers: Object.fromEntries(answered), body: whole }),
            reject,
          );
        },
        failed: (error) => reject(new CallError(failureOf(error), error.message)),
      },
    );
  });
}

function failureOf({ code }: NodeJS.ErrnoException): CallFailure {
  switch (code) {
    case 'ENOTFOUND':
      return 'dns';
    case 'ECONNREFUSED':
      return 'refused';
    case 'ETIMEDOUT':
      return 'timeout';
    default:
      return 'reset';
  }
}
