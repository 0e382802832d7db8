import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumProgram } from './scripts/lib/chromium.ts';

// Workspace packages are read from their sources, as in the other tests; the workers inherit this.
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], '--conditions=bangui-src'].filter(Boolean).join(' ');

// What Node has compiled once, it need not again in each of the many processes.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'var/compile-cache');

const chromium = chromiumProgram();

// Journeys through the built portal, in front of the built API and a real fail2ban: `npm run build` comes first.
export default defineConfig({
  testDir: 'apps/portal/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  timeout: 60_000,
  // Room for a busy machine; where a bound is promised, the test says so.
  expect: { timeout: 20_000 },
  forbidOnly: true,
  // A failed journey is run again for its trace, which costs too much to draw always. If it then passes, `make test` counts it
  // as failed all the same.
  retries: 1,
  reporter: 'list',
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // A journey waits for each movement to end, and a busy machine draws it slowly; who looks at one asks for it.
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'on-first-retry',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
    },
  },
});
