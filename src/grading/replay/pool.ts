// The processes that replay hand-ins. What a hand-in does to its process, the process takes with it: one that takes too long
// or dies is replaced, and whoever waits for it is told.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Answer, answerSchema, type Job, type SetUp } from './worker-protocol.ts';

export interface PoolOptions {
  /** Path of dist/replay.mjs. */
  entry: string;
  nodePath: string;
  setUp: SetUp;
  workers: number;
  /** Milliseconds for one job, on the machine's clock. */
  deadline: number;
  /** Megabytes of JavaScript's heap of each process. */
  memory: number;
  /** For the code that Node has compiled before. */
  cache: string;
  signal: AbortSignal;
}

export type Outcome = Answer | { is: 'late' } | { is: 'died' };

export interface Pool {
  /** Waits for a free process. Rejects with the signal's reason. */
  run(job: Job, options?: { fresh?: boolean }): Promise<Outcome>;
  close(): Promise<void>;
}

interface Worker {
  child: ChildProcess;
  /** Resolves when it waits for its first job, and to the answer of the job that it has. */
  answers: (answer: Outcome) => void;
  ready: Promise<Outcome>;
  jobs: number;
}

/** Jobs of one process: its memory does not grow without end. */
const mostJobs = 100;

export function createPool(options: PoolOptions): Pool {
  const { workers: most, deadline, signal } = options;
  const free: Worker[] = [];
  const all = new Set<Worker>();
  const queue: (() => void)[] = [];
  let busy = 0;

  const start = (): Worker => {
    const worker = startWorker(options, () => {
      all.delete(worker);
      const at = free.indexOf(worker);
      if (at >= 0) free.splice(at, 1);
    });
    all.add(worker);
    return worker;
  };
  const end = (worker: Worker): void => {
    all.delete(worker);
    worker.child.kill('SIGKILL');
  };
  const turn = async (): Promise<void> => {
    if (busy < most) {
      busy++;
      return;
    }
    await new Promise<void>((resolve) => queue.push(resolve));
  };
  const next = (): void => {
    const waiting = queue.shift();
    if (waiting) waiting();
    else busy--;
  };
  const stop = (): void => {
    for (const worker of all) end(worker);
  };
  signal.addEventListener('abort', stop, { once: true });

  return {
    async run(job, { fresh = false } = {}) {
      await turn();
      try {
        signal.throwIfAborted();
        const worker = fresh ? start() : (free.pop() ?? start());
        const outcome = await give(worker, job, deadline);
        signal.throwIfAborted();
        const good = outcome.is !== 'late' && outcome.is !== 'died';
        if (good && !fresh && ++worker.jobs < mostJobs && all.has(worker)) free.push(worker);
        else end(worker);
        return outcome;
      } finally {
        next();
      }
    },
    async close() {
      signal.removeEventListener('abort', stop);
      const gone = [...all].map(({ child }) => new Promise((resolve) => child.once('close', resolve)));
      stop();
      await Promise.all(gone);
    },
  };
}

/** How long a process may take to come up, besides the deadline of its job. Milliseconds. */
const comingUp = 600_000;

async function give(worker: Worker, job: Job, deadline: number): Promise<Outcome> {
  const up = await inTime(worker.ready, comingUp);
  if (up.is !== 'ready') return up;
  const answer = new Promise<Outcome>((resolve) => {
    worker.answers = resolve;
  });
  worker.child.stdin?.write(`${JSON.stringify(job)}\n`);
  return inTime(answer, deadline);
}

function inTime(answer: Promise<Outcome>, milliseconds: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ is: 'late' }), milliseconds);
    void answer.then((outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

function startWorker({ entry, nodePath, setUp, memory, cache }: PoolOptions, onEnd: () => void): Worker {
  const child = spawn(
    nodePath,
    ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${memory}`, entry, JSON.stringify(setUp)],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      // Nothing of the teacher's environment is a stranger's business.
      env: { NODE_COMPILE_CACHE: cache, ELECTRON_RUN_AS_NODE: '1', PATH: '' },
    },
  );
  let settleReady: (answer: Outcome) => void = () => {};
  const ready = new Promise<Outcome>((resolve) => {
    settleReady = resolve;
  });
  const worker: Worker = { child, ready, answers: () => {}, jobs: 0 };
  const tell = (answer: Outcome): void => {
    settleReady(answer);
    worker.answers(answer);
  };
  child.stdin?.on('error', () => {});
  child.once('error', () => tell({ is: 'died' }));
  child.once('close', () => {
    onEnd();
    tell({ is: 'died' });
  });
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = read(line);
      if (answer) tell(answer);
    });
  return worker;
}

function read(line: string): Answer | undefined {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
