import type { BlocklistSource } from '@bangui/plugin-sdk';
import { sourceChecks } from './source-checks.ts';
import type { SourceTest } from './source-test.ts';

/** Garbage collection during the memory checks takes its time on a busy machine. */
const TIMEOUT_MS = 60_000;

interface Runner {
  describe(title: string, register: () => void): unknown;
  it(title: string, check: () => Promise<void>): unknown;
}

const runner = await findRunner();

/**
 * Registers the conformance tests of a source with the test runner in use, Vitest or Node's own. Call it once at the top
 * of a test file.
 */
export function testSource<Config>(source: BlocklistSource<Config>, test: SourceTest): void {
  runner.describe(`source ${source.metadata.id}`, () => {
    for (const { title, run } of sourceChecks(source, test)) runner.it(title, run);
  });
}

async function findRunner(): Promise<Runner> {
  if (process.env['VITEST'] !== undefined) {
    const { describe, it } = await import('vitest');
    return { describe, it: (title, check) => it(title, check, TIMEOUT_MS) };
  }
  const { describe, it } = await import('node:test');
  return { describe, it: (title, check) => it(title, { timeout: TIMEOUT_MS }, check) };
}
