import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/long-files-first.ts';

export default defineConfig({
  test: {
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/house/**/*.test.ts'],
          setupFiles: ['test/no-network.ts'],
          // They take milliseconds; a machine that is busy with other things is not their subject.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        // Programs of others, built from their Go modules the first time: not part of `npm test`.
        test: {
          name: 'foreign',
          include: ['test/foreign/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 7_200_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        // Needs Docker, kind or a cluster of one's own: not part of `npm test`. A file after another: they share a machine.
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 900_000,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
});
