// What a curl needs of where it runs: a network and files. This machine's are in node-world.ts.
import type { Readable } from 'node:stream';

export interface Destination {
  host: string;
  port: number;
}

export interface Request {
  url: URL;
  port: number;
  method: string;
  /** On the request line, after the method. */
  target: string;
  /** Of the request line; a server may refuse the old one. */
  version: '1.0' | '1.1';
  /** In order, as they are written. */
  headers: readonly [name: string, value: string][];
  body: Buffer | undefined;
  /** Of --resolve. */
  address: string | undefined;
  /** Of --connect-to: another host and port than the URL's. */
  destination: Destination | undefined;
  insecure: boolean;
  /** Content of --cacert. */
  certificate: Buffer | undefined;
  /** Contents of --cert and --key. */
  client: { certificate: Buffer; key: Buffer } | undefined;
  /** Of --tls-max: `1.2`. */
  latestTls: string | undefined;
  /** Milliseconds that are left of --max-time: who serves may give up by itself then. */
  limit: number | undefined;
  signal: AbortSignal;
}

export interface Connection {
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
}

export interface Answer {
  httpVersion: string;
  status: number;
  /** Reason phrase. */
  phrase: string;
  headers: [name: string, value: string][];
  body: Readable;
}

/** In this order, each at most once; after `failed` nothing. */
export interface Progress {
  resolved(address: string | undefined): void;
  connected(connection: Connection): void;
  secured(): void;
  answered(answer: Answer): void;
  /** `code` as the system has it: ENOTFOUND, ECONNREFUSED, ECONNRESET… */
  failed(error: NodeJS.ErrnoException): void;
}

export interface World {
  /** Starts a request; the returned function gives it up. */
  send(request: Request, progress: Progress): () => void;
  read(path: string): Promise<Buffer>;
  /** Made when it is called, emptied when it was there. */
  create(path: string): FileSink;
}

export interface FileSink {
  write(chunk: Buffer | string): void;
  /** Rejects when something could not be written. */
  close(): Promise<void>;
}
