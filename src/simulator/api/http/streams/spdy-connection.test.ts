import { Duplex, PassThrough } from 'node:stream';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type SpdyStream, serveSpdy } from './spdy-connection.ts';
import { spdyDictionary } from './spdy-dictionary.ts';

test('the dictionary is that of the protocol: zlib names it by its Adler-32', () => {
  // FDICT header of a stream made with it: the identifier follows the two bytes of the header.
  const id = deflateSync('x', { dictionary: spdyDictionary }).readUInt32BE(2);
  expect(spdyDictionary.length).toBe(1423);
  expect(id.toString(16)).toBe('e3c6a7c2');
});

describe('a connection', () => {
  function open() {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const socket = Duplex.from({ readable: toServer, writable: toClient });
    const streams: SpdyStream[] = [];
    const closed = new Promise<void>((resolve) => {
      serveSpdy(socket, { onStream: (stream) => void streams.push(stream), onClose: resolve });
    });
    return { toServer, streams, closed };
  }

  test.each([
    ['a frame that is too long', Buffer.from([0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff])],
    [
      'headers that are not deflated',
      Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
    ],
    ['a control frame cut short', Buffer.from([0x80, 3, 0, 6, 0, 0, 0, 1, 9])],
  ])('ends on %s', async (_name, bytes) => {
    const { toServer, closed, streams } = open();
    toServer.write(bytes);
    await closed;
    expect(streams).toEqual([]);
  });
});
