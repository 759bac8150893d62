// When SQLite moves what is in its log to its place in the file. By itself it does so within a write, for which this thread then
// waits 40 ms, and on an old disk a second: here a thread of its own does it, or this one when nobody writes.
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

export interface Checkpoints {
  /** So many characters more were committed. */
  written(characters: number): void;
  /** Calls back at once, or a moment later while what is last in the log is moved: the log can only begin anew when nobody adds to it. */
  whenFree(write: () => void): void;
  /** Nobody writes: what is left in the log is moved in this thread, which waits for the disk. */
  rest(): void;
  stop(): void;
}

/** Characters: the log has some more bytes. What it holds is read again after a crash, in a tenth of a second. */
const MUCH = 32 * 1024 * 1024;
/** Pages of 4 KB. For when no thread can be had. */
const FAR_TOO_MUCH = 64_000;

/**
 * Too short for a file that would have to be found. Told `most`, it moves what is there while others write, less each
 * time; told `all`, when nobody writes, the little that came at the very end. Others' reading or writing may cut a
 * checkpoint short: no error. Who writes first in a log that begins anew waits until the disk has its beginning: the
 * thread does, 45 ms and more, instead of whoever comes next.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(workerData);
const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const beginAnew = database.prepare("REPLACE INTO meta VALUES ('log', 'begun')");
parentPort.on('message', (part) => {
  let moved = false;
  for (let times = part === 'most' ? 3 : 1; times > 0 && !moved; times--) {
    const { log, checkpointed } = checkpoint.get();
    moved = log === checkpointed;
  }
  if (part === 'all' && moved) {
    try {
      beginAnew.run();
    } catch {}
  }
  parentPort.postMessage(part);
});
`;

export function createCheckpoints(database: DatabaseSync, path: string): Checkpoints {
  let waiting = 0;
  /** Since the log was last emptied. */
  let used = false;
  /** Kept through a burst of writes, since to start one takes 15 ms of this thread. */
  let worker: Worker | undefined;
  let stage: 'none' | 'most' | 'all' = 'none';
  let held: (() => void)[] = [];
  database.exec(`PRAGMA wal_autocheckpoint = ${FAR_TOO_MUCH}`);

  function begin(): void {
    waiting = 0;
    stage = 'most';
    worker ??= startWorker();
    worker.postMessage('most');
  }

  function startWorker(): Worker {
    const own = new Worker(PROGRAM, { eval: true, workerData: path, stderr: true });
    own.unref();
    own.on('message', (done: 'most' | 'all') => {
      if (worker !== own) return;
      if (done === 'most') {
        stage = 'all';
        own.postMessage('all');
        return;
      }
      used = false;
      free();
    });
    // A thread that fails leaves the log to grow until SQLite moves it by itself.
    own.on('error', () => {});
    own.once('exit', () => {
      if (worker === own) end();
    });
    return own;
  }

  function end(): void {
    void worker?.terminate();
    worker = undefined;
    free();
  }

  function free(): void {
    stage = 'none';
    const writes = held;
    held = [];
    for (const write of writes) write();
  }

  return {
    written(characters) {
      waiting += characters;
      used = true;
      if (waiting >= MUCH && stage === 'none') begin();
    },
    whenFree(write) {
      if (stage === 'all') held.push(write);
      else write();
    },
    rest() {
      if (stage !== 'none') return;
      end();
      if (!used) return;
      try {
        database.exec('PRAGMA wal_checkpoint(PASSIVE)');
        used = false;
      } catch {
        // A full disk, say: what is in the log is safe there, and the next time tries again.
      }
    },
    stop: end,
  };
}
