import { firstProgram } from './programs.ts';

/** Chromium without windows: it draws the same pages for two thirds of the processor time. */
export const headlessShell = '/usr/bin/chromium-headless-shell';

/** The program that draws the portal for tests, the least costly one first; none where no Chromium is installed. */
export function chromiumProgram(): string | undefined {
  return firstProgram([headlessShell, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']);
}
