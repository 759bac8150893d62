// SPDY/3.1 header blocks: counted names and values, deflated with one memory for the whole connection.
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { spdyDictionary } from './spdy-dictionary.ts';

/** A client's headers are four short lines. */
const LARGEST_BLOCK = 64 * 1024;

export interface HeaderCodec {
  /** One at a time, in the order of the frames. Rejects for what is no header block. */
  decode(block: Buffer): Promise<Record<string, string>>;
  encode(headers: Record<string, string>): Promise<Buffer>;
  close(): void;
}

export function createHeaderCodec(): HeaderCodec {
  const options = { dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH };
  const inflate = createInflate(options);
  const deflate = createDeflate(options);
  let encoding: Promise<unknown> = Promise.resolve();
  return {
    decode: async (block) => readBlock(await through(inflate, block)),
    encode(headers) {
      const encoded = encoding.then(() => through(deflate, writeBlock(headers)));
      encoding = encoded.catch(() => {});
      return encoded;
    },
    close() {
      inflate.close();
      deflate.close();
    },
  };
}

/** All that the stream makes of `bytes`. */
function through(stream: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (): void => {
      stream.off('data', take).off('error', fail).off('close', closed);
    };
    const fail = (error: Error): void => {
      done();
      reject(error);
    };
    const closed = () => fail(new Error('the connection ended'));
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > LARGEST_BLOCK) fail(new Error('header block too large'));
      else chunks.push(chunk);
    };
    stream.on('data', take).on('error', fail).on('close', closed);
    stream.write(bytes, () => {
      // The data of a write comes before its callback, but for what the stream still holds.
      for (let rest = stream.read() as Buffer | null; rest; rest = stream.read() as Buffer | null) take(rest);
      done();
      resolve(Buffer.concat(chunks));
    });
  });
}

function readBlock(block: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let at = 0;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    const from = at + 4;
    at = from + length;
    if (at > block.length) throw new Error('header block cut short');
    return block.toString('latin1', from, at);
  };
  const count = block.readUInt32BE(0);
  at = 4;
  for (let i = 0; i < count; i += 1) {
    const name = text().toLowerCase();
    headers[name] = text();
  }
  return headers;
}

function writeBlock(headers: Record<string, string>): Buffer {
  const pairs = Object.entries(headers);
  return Buffer.concat([
    uint32(pairs.length),
    ...pairs.flat().flatMap((t) => [uint32(Buffer.byteLength(t)), Buffer.from(t)]),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
