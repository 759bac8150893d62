// The entry of the language worker: a thread of its own, so that no file is large enough to hold up the editor.
import '../zod-settings.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { createMallaProgram } from '../cluster/malla-program.ts';
import { createLanguageService } from './language-service.ts';
import type { Ask, FromWorker, Tell, WorkerStart } from './protocol.ts';

const port = parentPort;
if (!port) throw new Error('The language worker is a worker thread.');
const send = (message: FromWorker): void => port.postMessage(message);
const service = createLanguageService({
  program: createMallaProgram(workerData as WorkerStart),
  onNote: send,
});
port.on('message', (message: Ask | Tell | 'stop') => {
  if (message === 'stop') {
    service.stop();
    port.close();
  } else if ('tell' in message) service.tell(message);
  else void service.ask(message).then(send);
});
