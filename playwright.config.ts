import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// Workspace packages are read from their sources, as in the other tests; the workers inherit this.
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], '--conditions=bangui-src'].filter(Boolean).join(' ');

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

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
    trace: 'on-first-retry',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
    },
  },
});
