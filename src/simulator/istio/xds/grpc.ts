// gRPC over HTTP/2, the server's side of a bidirectional stream: length-prefixed messages and trailers.
import type { Http2Stream, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Refused } from './authenticate.ts';

/** Answers a message with any number of messages. */
export type StreamHandler = (message: Buffer, send: (message: Buffer) => void) => void;

/** The handler of a method by its path, `/package.Service/Method`, or why this call of it is refused. */
export type Methods = ReadonlyMap<string, (headers: IncomingHttpHeaders) => StreamHandler | Refused>;

/** Thrown by a handler: the call ends with this status. */
export class RefusedCall extends Error {
  readonly code: number;
  constructor({ code, message }: Refused) {
    super(message);
    this.code = code;
  }
}

/** What a client may send in one message. */
const LARGEST = 4 * 1024 * 1024;
const STATUS = { ok: 0, invalidArgument: 3, resourceExhausted: 8, unimplemented: 12, internal: 13 } as const;

export function serveGrpc(methods: Methods): (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void {
  return (stream, headers) => {
    stream.on('error', () => {});
    const handler = methods.get(headers[':path'] ?? '')?.(headers);
    if (!handler) {
      refuse(stream, STATUS.unimplemented, `unknown method ${String(headers[':path'])}`);
      return;
    }
    if (typeof handler !== 'function') return refuse(stream, handler.code, handler.message);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    let trailers: Record<string, string> = { 'grpc-status': String(STATUS.ok) };
    stream.on('wantTrailers', () => {
      if (!stream.destroyed) stream.sendTrailers(trailers);
    });
    const fail = (code: number, message?: string) => {
      trailers = { 'grpc-status': String(code), ...(message && { 'grpc-message': message }) };
      stream.end();
    };
    receive(stream, (message) => handler(message, (reply) => write(stream, reply)), fail);
  };
}

function receive(
  stream: Http2Stream,
  take: (message: Buffer) => void,
  fail: (code: number, message?: string) => void,
): void {
  let buffered = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 5) {
      const length = buffered.readUInt32BE(1);
      if (length > LARGEST) return fail(STATUS.resourceExhausted);
      // A compressed message, though no compression was offered.
      if (buffered[0] !== 0) return fail(STATUS.internal);
      if (buffered.length < 5 + length) return;
      const message = buffered.subarray(5, 5 + length);
      buffered = buffered.subarray(5 + length);
      try {
        take(message);
      } catch (error) {
        if (error instanceof RefusedCall) return fail(error.code, error.message);
        if (!(error instanceof RangeError)) throw error;
        return fail(STATUS.invalidArgument);
      }
    }
  });
  stream.on('end', () => stream.end());
}

function write(stream: Http2Stream & { write(chunk: Buffer): boolean }, message: Buffer): void {
  if (stream.destroyed || stream.closed) return;
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.write(Buffer.concat([prefix, message]));
}

function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status), 'grpc-message': message },
    { endStream: true },
  );
}
