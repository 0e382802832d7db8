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

const common = {
  // The files of a worker share what they import: a file must leave nothing behind in a module, in `process.env` or in a prototype.
  isolate: false,
  // Whoever waits for a condition waits longer than a busy machine takes; where a bound is promised, the test says so.
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    // The tests wait for servers and clocks about as much as they compute: one worker more than there are cores keeps all of them busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...sources,
        test: {
          ...common,
          name: 'libs',
          root: '.',
          testTimeout: 30_000,
          include: ['libs/*/src/**/*.spec.ts', 'scripts/**/*.spec.ts'],
        },
      },
      {
        ...sources,
        test: { ...common, name: 'plugins', root: '.', testTimeout: 30_000, include: ['plugins/**/*.spec.ts'] },
      },
      {
        ...sources,
        test: {
          ...common,
          name: 'enforcer',
          root: 'apps/enforcer',
          include: ['src/**/*.spec.ts'],
          hookTimeout: 60_000,
          testTimeout: 60_000,
        },
      },
      {
        ...sources,
        test: { ...common, name: 'api', root: 'apps/api', testTimeout: 30_000, include: ['src/**/*.spec.ts'] },
      },
      {
        ...sources,
        test: {
          ...common,
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
          ...common,
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
