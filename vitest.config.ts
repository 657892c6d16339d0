import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` beside the code, two files at a time wherever it runs; `flows` with real processes and browsers, one file at a time:
 * two of them on two busy cores were seen to wait in vain.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '*/src/**/*.test.ts',
            '*/src/**/*.test.tsx',
            '*/simulator/**/*.test.ts',
            'media-server/sample-cameras/**/*.test.ts',
            'media-server/hls-validator/**/*.test.ts',
            'scripts/**/*.test.ts',
            'tests/contracts/**/*.test.ts',
            'tests/power/**/*.test.ts',
            'tests/fuzz/**/*.test.ts',
            'tests/faults/tamper.test.ts',
          ],
          // The machine may be shared: a test waits for states, and this only ends one that waits in vain.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'flows',
          include: ['tests/flows/**/*.test.ts', 'tests/faults/faults.test.ts', 'tests/tv/**/*.test.ts', 'tests/soak/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
