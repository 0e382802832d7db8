import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fail2banPrograms } from '../configuration.ts';

const tools = resolve(import.meta.dirname, '../../../../var/tools/fail2ban');

/** fail2ban's programs for tests. Throws, and says what to do, when they are not there. */
export function testPrograms(): Fail2banPrograms {
  const programs = { client: `${tools}/bin/fail2ban-client`, python: `${tools}/bin/python3` };
  if (!existsSync(programs.python)) throw new Error('These tests need fail2ban. Run: npm run tools');
  return programs;
}

/** Debian's own configuration as it comes: of the unpacked package, or of this machine where fail2ban is installed. */
export function stockConfigDir(): string {
  const unpacked = `${tools}/root/etc/fail2ban`;
  return existsSync(unpacked) ? unpacked : '/etc/fail2ban';
}
