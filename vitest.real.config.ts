import { defineConfig } from 'vitest/config';

/** Suites against real parts (kubectl, a real control plane). A suite whose part is missing skips itself by name. */
export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
  },
});
