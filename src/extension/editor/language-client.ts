// The editor's side of the language worker: starts it when first needed, again when it breaks, and pairs answers with
// questions. Does not know `vscode`.
import { Worker } from 'node:worker_threads';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { FromWorker, QuestionName, Questions, Tell, WorkerData } from './protocol.ts';

export interface LanguageClient {
  readonly started: boolean;
  start(): void;
  /** Undefined when the worker broke, or did not know how to answer. Never rejects. */
  ask<Name extends QuestionName>(
    name: Name,
    question: Questions[Name]['question'],
  ): Promise<Questions[Name]['answer'] | undefined>;
  /** Does nothing before the start. */
  tell(tell: Tell): void;
  /** What the worker knows has changed. */
  readonly onKnown: Emitter<void>['listen'];
  /** A new worker knows nothing yet: it is told everything again. */
  readonly onStart: Emitter<void>['listen'];
  dispose(): void;
}

export interface LanguageClientOptions {
  /** dist/language.cjs. */
  script: string;
  /** Asked when a worker starts. */
  start: () => WorkerData;
  log(text: string): void;
}

/** A worker that breaks more often than this is left alone. */
const MOST_STARTS = 4;

export function createLanguageClient({ script, start, log }: LanguageClientOptions): LanguageClient {
  const known = createEmitter<void>();
  const began = createEmitter<void>();
  const waiting = new Map<number, (answer: unknown) => void>();
  let worker: Worker | undefined;
  let starts = 0;
  let next = 1;
  let disposed = false;

  const endAll = (): void => {
    for (const answer of waiting.values()) answer(undefined);
    waiting.clear();
  };
  const receive = (message: FromWorker): void => {
    if ('note' in message) {
      if (message.note === 'known') known.fire();
      return;
    }
    const answer = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failure' in message) log(message.failure);
    answer?.('answer' in message ? message.answer : undefined);
  };
  const begin = (): void => {
    if (worker || disposed || starts >= MOST_STARTS) return;
    starts += 1;
    const own = new Worker(script, {
      workerData: start(),
      // Content is not trusted: a thread that grows without bound ends alone.
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker = own;
    own.on('message', receive);
    own.on('error', (error) => log(error.stack ?? error.message));
    own.once('exit', () => {
      if (worker !== own) return;
      worker = undefined;
      endAll();
      begin();
    });
    began.fire();
  };
  return {
    get started() {
      return worker !== undefined;
    },
    start: begin,
    ask(name, question) {
      begin();
      const own = worker;
      if (!own) return Promise.resolve(undefined);
      const id = next++;
      return new Promise((resolve) => {
        waiting.set(id, (answer) => resolve(answer as Questions[typeof name]['answer'] | undefined));
        own.postMessage({ id, ask: name, question });
      });
    },
    tell: (tell) => worker?.postMessage(tell),
    onKnown: known.listen,
    onStart: began.listen,
    dispose() {
      disposed = true;
      const own = worker;
      worker = undefined;
      endAll();
      own?.postMessage('stop');
    },
  };
}
