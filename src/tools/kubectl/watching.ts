// The server's watch streams, line by line.

import { ToolError } from '../tool.ts';
import type { Api, ApiRequest } from './api.ts';

export interface WatchLine<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** Until the server ends the stream or the signal aborts. */
export async function* watch<T>(api: Api, request: ApiRequest, signal: AbortSignal): AsyncGenerator<WatchLine<T>> {
  const query = { ...request.query, watch: 'true' };
  for await (const text of lines(api.stream({ ...request, query }, signal))) {
    const line = JSON.parse(text) as WatchLine<T>;
    if (line.type === 'ERROR')
      throw new ToolError(`error: ${(line.object as { message?: string }).message ?? 'the watch failed'}`);
    if (line.type !== 'BOOKMARK') yield line;
  }
}

export async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter(Boolean);
  }
  if (rest) yield rest;
}
