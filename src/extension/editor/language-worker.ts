// The entry of the language worker: a thread of its own, so that no file is large enough to hold up the editor.
import '../zod-settings.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { useTexts } from '../../language/say.ts';
import { createMallaProgram } from '../cluster/malla-program.ts';
import { createLanguageService } from './language-service.ts';
import type { Ask, FromWorker, Tell, WorkerData } from './protocol.ts';

const port = parentPort;
if (!port) throw new Error('The language worker is a worker thread.');
const send = (message: FromWorker): void => port.postMessage(message);
const { texts, language, ...start } = workerData as WorkerData;
useTexts(texts, language);
const service = createLanguageService({
  program: createMallaProgram(start),
  onNote: send,
});
port.on('message', (message: Ask | Tell | 'stop') => {
  if (message === 'stop') {
    service.stop();
    port.close();
  } else if ('tell' in message) service.tell(message);
  else void service.ask(message).then(send);
});
