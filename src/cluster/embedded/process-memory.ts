// How the process of the embedded cluster is held to little memory: what Node and glibc's malloc are told when it starts.

/**
 * Megabytes. Room for the garbage of a burst: ten thousand pods start in half the time. And for what it leaves, so that V8
 * does not mark a hundred megabytes beside those who ask meanwhile: its own first limits are lower. From the first rest on,
 * when all is given back (idle-memory.ts), it sets them by what lives.
 */
export const memoryFlags: readonly string[] = ['--max-semi-space-size=32', '--initial-old-space-size=256'];

/** Read by glibc alone: elsewhere they do nothing. Bytes. */
export const memoryEnvironment: Readonly<Record<string, string>> = {
  // One arena, trimmed: the usual one per thread keeps tens of megabytes of an installation's garbage for ever.
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  // Fixed: by itself it grows, and large pieces then stay between small ones. Above the 16 KiB of OpenSSL's and Node's own
  // buffers, which come and go: as mappings of their own, those of one list of ten thousand pods are 11,500 page faults.
  MALLOC_MMAP_THRESHOLD_: '32768',
};
