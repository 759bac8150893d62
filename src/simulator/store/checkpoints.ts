// When SQLite moves what is in its log to its place in the file. By itself it does so within a write, which then takes 40 ms, and on
// an old disk a second: here it is done beside the writes, or when nobody writes.
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

export interface Checkpoints {
  /** So many characters more were committed. */
  written(characters: number): void;
  /** Of what is left in the log, in this thread, which waits for the disk. */
  now(): void;
  stop(): void;
}

/** Characters: the log has some more bytes. What it holds is read again after a crash, in a tenth of a second. */
const MUCH = 32 * 1024 * 1024;
/** Pages of 4 KB. For when no thread can be had. */
const FAR_TOO_MUCH = 64_000;

/** Too short for a file that would have to be found. A checkpoint that others' reading or writing cuts short is no error. */
const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(workerData);
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
// What is written meanwhile is less each time; with nothing left in it, the log begins anew.
for (let times = 0; times < 3; times++) {
  const { log, checkpointed } = checkpoint.get();
  if (log === checkpointed) break;
}
database.close();
`;

export function createCheckpoints(database: DatabaseSync, path: string): Checkpoints {
  let waiting = 0;
  /** Since the log was last emptied here. */
  let used = false;
  let worker: Worker | undefined;
  database.exec(`PRAGMA wal_autocheckpoint = ${FAR_TOO_MUCH}`);

  function now(): void {
    if (!used || worker) return;
    try {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      used = false;
    } catch {
      // A full disk, say: what is in the log is safe there, and the next time tries again.
    }
  }

  return {
    written(characters) {
      waiting += characters;
      used = true;
      if (waiting < MUCH || worker) return;
      waiting = 0;
      const own = new Worker(PROGRAM, { eval: true, workerData: path, stderr: true });
      worker = own;
      // A thread that fails leaves the log to grow until SQLite moves it by itself.
      own.on('error', () => {});
      own.once('exit', () => {
        if (worker !== own) return;
        worker = undefined;
        // The little that came at the very end: a log that is never empty only grows.
        now();
      });
    },
    now,
    stop() {
      void worker?.terminate();
      worker = undefined;
    },
  };
}
