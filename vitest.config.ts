import { defineConfig } from 'vitest/config';

const common = {
  pool: 'forks' as const,
  env: { NODE_ENV: 'production', FORCE_COLOR: '3' },
};

/** React in production has no development JSX runtime. */
const oxc = { jsx: { development: false } };

/** Fast suites run in parallel; those that measure the program in a terminal run alone, after them. */
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
          testTimeout: 30_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
