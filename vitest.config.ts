import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` beside the code; `flows` with real processes and browsers. Two files at a time wherever it runs: a flow waits as
 * often as it works, and more at once would only slow each other down. Each file has processes, folders and ports of its own.
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
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
