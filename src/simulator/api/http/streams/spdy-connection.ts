// The server's end of SPDY/3.1 as kubectl speaks it: streams opened by the client, no flow control of the client's side
// (Kubernetes' own library has none), windows opened for those that have it.
import { Duplex } from 'node:stream';
import { createHeaderCodec } from './spdy-headers.ts';

export interface SpdyStream extends Duplex {
  readonly headers: Readonly<Record<string, string>>;
}

export interface SpdyConnection {
  /** Says goodbye and ends when all is written. */
  close(): void;
  destroy(): void;
}

export interface SpdyEvents {
  onStream(stream: SpdyStream): void;
  /** Once, however it ends. */
  onClose(): void;
}

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const WINDOW_UPDATE = 9;
const FIN = 1;
const VERSION = 3;
const PROTOCOL_ERROR = 1;
const REFUSED_STREAM = 3;

const LARGEST_FRAME = 4 * 1024 * 1024;
const MOST_STREAMS = 1_000;
/** What a stream may hold unread before the whole connection waits. */
const MOST_UNREAD = 1024 * 1024;

export function serveSpdy(socket: Duplex, { onStream, onClose }: SpdyEvents): SpdyConnection {
  const streams = new Map<number, Stream>();
  const codec = createHeaderCodec();
  let ended = false;
  let lastId = 0;

  socket.on('error', () => socket.destroy());
  socket.on('close', finish);
  void readFrames();

  function finish(): void {
    if (ended) return;
    ended = true;
    codec.close();
    for (const stream of streams.values()) stream.destroy();
    streams.clear();
    onClose();
  }

  async function readFrames(): Promise<void> {
    let pending: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        while (pending.length >= 8) {
          const length = pending.readUIntBE(5, 3);
          if (length > LARGEST_FRAME) throw new Error('frame too large');
          if (pending.length < 8 + length) break;
          const frame = pending.subarray(0, 8 + length);
          pending = pending.subarray(8 + length);
          await take(frame);
        }
      }
    } catch {
      // A client that breaks the protocol, or goes away in the middle, is not answered.
    }
    socket.destroy();
  }

  async function take(frame: Buffer): Promise<void> {
    const flags = frame.readUInt8(4);
    const body = frame.subarray(8);
    const first = frame.readUInt32BE(0);
    if (first < 0x8000_0000) return data(first, flags, body);
    switch (first & 0xffff) {
      case SYN_STREAM:
        return open(body, flags);
      case RST_STREAM:
        streams.get(body.readUInt32BE(0))?.destroy();
        return;
      case PING:
        // The client's are odd; an even one answers ours.
        if (body.readUInt32BE(0) % 2 === 1) write(control(PING, 0, body));
        return;
      case GOAWAY:
        if (streams.size === 0) socket.end();
        return;
    }
  }

  async function data(id: number, flags: number, body: Buffer): Promise<void> {
    const stream = streams.get(id);
    if (!stream) return;
    if (body.length > 0) {
      write(
        Buffer.concat([
          control(WINDOW_UPDATE, 0, pair(id, body.length)),
          control(WINDOW_UPDATE, 0, pair(0, body.length)),
        ]),
      );
      await stream.receive(body);
    }
    if ((flags & FIN) !== 0) stream.finishReading();
  }

  async function open(body: Buffer, flags: number): Promise<void> {
    const id = body.readUInt32BE(0) & 0x7fff_ffff;
    const headers = await codec.decode(body.subarray(10));
    if (id % 2 === 0 || id <= lastId) return reset(id, PROTOCOL_ERROR);
    lastId = id;
    if (streams.size >= MOST_STREAMS) return reset(id, REFUSED_STREAM);
    const stream = new Stream(headers, {
      send: (bytes, fin) => write(Buffer.concat([dataHead(id, bytes.length, fin ? FIN : 0), bytes])),
      gone(clean) {
        streams.delete(id);
        if (!clean && !ended) reset(id, 5);
      },
    });
    streams.set(id, stream);
    const reply = await codec.encode({});
    write(control(SYN_REPLY, 0, Buffer.concat([uint32(id), reply])));
    if ((flags & FIN) !== 0) stream.finishReading();
    onStream(stream);
  }

  function reset(id: number, status: number): void {
    write(control(RST_STREAM, 0, pair(id, status)));
  }

  /** False: wait for 'drain' of the socket. */
  function write(bytes: Buffer): Promise<void> | undefined {
    if (ended || socket.writableEnded || socket.destroyed) return undefined;
    if (socket.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }

  return {
    close() {
      void write(control(GOAWAY, 0, pair(lastId, 0)));
      socket.end();
    },
    destroy: () => void socket.destroy(),
  };
}

interface StreamHost {
  send(bytes: Buffer, fin: boolean): Promise<void> | undefined;
  gone(clean: boolean): void;
}

class Stream extends Duplex implements SpdyStream {
  readonly headers: Readonly<Record<string, string>>;
  readonly #host: StreamHost;
  #wake: (() => void) | undefined;

  constructor(headers: Record<string, string>, host: StreamHost) {
    super({ allowHalfOpen: true, readableHighWaterMark: MOST_UNREAD });
    this.headers = headers;
    this.#host = host;
    this.on('error', () => {});
  }

  /** Resolves when there is room for more. */
  receive(bytes: Buffer): Promise<void> | undefined {
    if (this.destroyed || this.readableEnded || this.push(bytes)) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  finishReading(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    const wait = this.#host.send(chunk, false);
    if (wait) void wait.then(callback);
    else callback();
  }

  override _final(callback: () => void): void {
    void this.#host.send(Buffer.alloc(0), true);
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#wake?.();
    this.#wake = undefined;
    this.#host.gone(this.writableFinished);
    callback(error);
  }
}

function control(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

function dataHead(id: number, length: number, flags: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(length, 5, 3);
  return head;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const pair = (a: number, b: number): Buffer => Buffer.concat([uint32(a), uint32(b)]);
