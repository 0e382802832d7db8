import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// What Node has compiled and stripped of its types once, it need not again in each of the many threads and processes.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'var/compile-cache');

// Workspace packages are read from their sources, so that tests need no build.
const sources = {
  resolve: { conditions: ['bangui-src'] },
  ssr: { resolve: { conditions: ['bangui-src'] } },
};

// Whoever waits for a condition waits longer than a busy machine takes; where a bound is promised, the test says so.
const patience = { expect: { poll: { timeout: 15_000 } } };

export default defineConfig({
  test: {
    // The tests wait for servers and clocks about as much as they compute: one worker more than there are cores keeps all of them busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...sources,
        test: {
          ...patience,
          name: 'libs',
          root: '.',
          testTimeout: 30_000,
          include: ['libs/*/src/**/*.spec.ts', 'scripts/**/*.spec.ts'],
        },
      },
      {
        ...sources,
        test: { ...patience, name: 'plugins', root: '.', testTimeout: 30_000, include: ['plugins/**/*.spec.ts'] },
      },
      {
        ...sources,
        test: {
          ...patience,
          name: 'enforcer',
          root: 'apps/enforcer',
          include: ['src/**/*.spec.ts'],
          hookTimeout: 60_000,
          testTimeout: 60_000,
        },
      },
      {
        ...sources,
        test: { ...patience, name: 'api', root: 'apps/api', testTimeout: 30_000, include: ['src/**/*.spec.ts'] },
      },
      {
        ...sources,
        test: {
          ...patience,
          name: 'database',
          root: 'apps/api',
          include: ['src/**/*.db-spec.ts'],
          globalSetup: ['test/postgres.ts'],
          hookTimeout: 60_000,
          testTimeout: 60_000,
        },
      },
      {
        ...sources,
        test: {
          ...patience,
          name: 'e2e',
          root: 'apps/api',
          include: ['test/**/*.e2e-spec.ts'],
          hookTimeout: 60_000,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
