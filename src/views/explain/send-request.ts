// One request to the entry of the mesh, with the host that the student wrote: its status and nothing else.
import { request } from 'node:http';
import type { ExplainQuestion } from './explained-request.ts';

/** Milliseconds that an answer may take. */
const patience = 15_000;

/** 0 when there is no answer. Never rejects. */
export function sendRequest(
  entry: string,
  { host, method, path, headers }: ExplainQuestion,
  id: string,
): Promise<number> {
  return new Promise((resolve) => {
    try {
      const sent = request(new URL(path, entry), {
        method,
        // A gateway gives it another id: by its user agent its line in the log is found.
        headers: { 'user-agent': `malla/${id}`, ...headers, ...(host === '*' ? {} : { host }), 'x-request-id': id },
        timeout: patience,
      });
      sent.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(0));
      sent.on('close', () => resolve(0));
      sent.end();
    } catch {
      // A header or a path that cannot be sent.
      resolve(0);
    }
  });
}
