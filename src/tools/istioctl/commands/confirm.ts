import { createInterface } from 'node:readline/promises';
import type { Invocation } from './command.ts';

/** Asks on stdout; only y and yes agree. */
export async function confirmed(question: string, { streams, signal }: Invocation): Promise<boolean> {
  streams.stdout.write(question);
  const lines = createInterface({ input: streams.stdin });
  try {
    for await (const line of lines) {
      if (signal.aborted) return false;
      return /^(y|yes)$/i.test(line.trim());
    }
    return false;
  } finally {
    lines.close();
  }
}
