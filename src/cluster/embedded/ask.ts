// Requests to the process of the embedded cluster itself, over its API port.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { ProcessFile, StateFiles } from './state-files.ts';

export interface Answer {
  instance: string;
  pid: number;
}

/** Undefined when it does not answer in time, or another program has its port. */
export function askProcess(
  files: StateFiles,
  { port, instance }: ProcessFile,
  what: 'status' | 'stop',
  timeout: number,
): Promise<Answer | undefined> {
  const credentials = readCredentials(files);
  if (!credentials) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        path: `/malla/${what}`,
        method: what === 'stop' ? 'POST' : 'GET',
        ca: credentials.ca,
        headers: { authorization: `Bearer ${credentials.token}` },
        agent: false,
        signal: AbortSignal.timeout(timeout),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(undefined));
        response.on('end', () => {
          const answer = parse(Buffer.concat(chunks).toString());
          resolve(answer?.instance === instance ? answer : undefined);
        });
      },
    );
    asking.on('error', () => resolve(undefined));
    asking.end();
  });
}

function readCredentials(files: StateFiles): { ca: string; token: string } | undefined {
  try {
    return { ca: readFileSync(files.ca, 'utf8'), token: readFileSync(files.token, 'utf8').trim() };
  } catch {
    return undefined;
  }
}

function parse(text: string): Answer | undefined {
  try {
    const { instance, pid } = JSON.parse(text);
    return typeof instance === 'string' && typeof pid === 'number' ? { instance, pid } : undefined;
  } catch {
    return undefined;
  }
}
