// SHA-256 of files, as they are read.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Rejects with the system's error; a symbolic link is ELOOP where the system can tell. */
export async function digestOf(path: string, signal?: AbortSignal): Promise<{ bytes: number; sha256: string }> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20, autoClose: false })) {
      signal?.throwIfAborted();
      bytes += (chunk as Buffer).length;
      hash.update(chunk as Buffer);
    }
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

export function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
