// What a history leaves behind: every call with its answer, every watch with what it was told, and what was written.

export interface Stored {
  /** `configmaps/uno/k3` */
  key: string;
  revision: number;
  /** What was written, different each time. */
  value: string;
  color: string;
}

export interface Operation {
  client: number;
  kind: 'create' | 'update' | 'delete' | 'get' | 'list';
  /** `configmaps/uno/k3`; of a list, `configmaps/uno`. */
  key: string;
  value?: string;
  /** Of an update: the revision that it replaces. */
  base?: number;
  /** The newest revision there was when it was called. */
  called: number;
  /** And when it was answered. Undefined: the connection was cut, and nobody knows. */
  answered?: number;
  status?: number;
  /** What the answer showed. */
  objects?: Stored[];
  /** Of a list: the revision that it says it is of. */
  revision?: number;
}

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Stored }
  /** All until then was told. */
  | { type: 'BOOKMARK'; revision: number };

export interface Watch {
  resource: string;
  /** Undefined: all. */
  namespace: string | undefined;
  color: string | undefined;
  /** Told from here on. */
  from: number;
  /** The list that it goes on from, which is of the revision `from`. */
  known?: Stored[];
  events: WatchEvent[];
  /** It takes up where another was cut. */
  resumes: boolean;
}

export interface Write {
  revision: number;
  key: string;
  /** Undefined: it was deleted. */
  after: Stored | undefined;
}

export interface History {
  seed: number;
  operations: Operation[];
  watches: Watch[];
  /** What the store did, in order, less what a crash took back. */
  writes: Write[];
  /** All that the API had at the end. */
  final: Stored[];
}
