import { defineConfig } from 'vitest/config';

const common = {
  pool: 'forks' as const,
  env: { NODE_ENV: 'production', FORCE_COLOR: '3' },
};

/** React in production has no development JSX runtime. */
const oxc = { jsx: { development: false } };

/** Measures how long things take. */
const TIMING = 'test/e2e/timing.test.ts';

/** Fast suites run in parallel; then the program in a terminal, one file at a time; what measures time comes last. */
export default defineConfig({
  test: {
    projects: [
      {
        oxc,
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/real/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [TIMING],
          testTimeout: 30_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...common, name: 'timing', include: [TIMING], sequence: { groupOrder: 2 } },
      },
    ],
  },
});
