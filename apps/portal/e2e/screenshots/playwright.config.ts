import { defineConfig } from '@playwright/test';
import journeys from '../../../../playwright.config.ts';

// Pictures of every screen into var/screenshots, for eyes and for the documentation: `npm run portal:screenshots`.
export default defineConfig({
  ...journeys,
  testDir: '.',
  outputDir: '../../../../var/screenshots/.results',
  testMatch: '*.shots.ts',
  timeout: 400_000,
});
