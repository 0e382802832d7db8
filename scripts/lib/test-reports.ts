/** How many tests a report tells of. A test that was skipped counts as failed: here a missing prerequisite fails. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads the JSON report of Vitest, which Angular's unit tests write as well. Throws when it is not one. */
export function countVitest(report: unknown): Counts {
  const total = count(report, 'numTotalTests');
  const passed = count(report, 'numPassedTests');
  // A file that does not even load has no tests in the report.
  const broken = list(report, 'testResults').filter(
    (file) => property(file, 'status') === 'failed' && list(file, 'assertionResults').length === 0,
  );
  return { passed, failed: total - passed + broken.length };
}

/**
 * Reads the JSON report of Playwright. A journey that passed only when it was run again, which is done for its trace, counts
 * as failed. Throws when it is no report.
 */
export function countPlaywright(report: unknown): Counts {
  const stats = property(report, 'stats');
  const failed = count(stats, 'unexpected') + count(stats, 'flaky') + count(stats, 'skipped');
  return { passed: count(stats, 'expected'), failed: failed + list(report, 'errors').length };
}

/** The sum, in which a part that failed without a single failed test counts as one failure. */
export function addUp(parts: readonly { readonly counts: Counts | undefined; readonly isFine: boolean }[]): Counts {
  let passed = 0;
  let failed = 0;
  for (const { counts, isFine } of parts) {
    passed += counts?.passed ?? 0;
    failed += isFine ? (counts?.failed ?? 0) : Math.max(counts?.failed ?? 0, 1);
  }
  return { passed, failed };
}

function property(value: unknown, name: string): unknown {
  // An object of unknown shape, asked for one property of unknown type.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function count(value: unknown, name: string): number {
  const found = property(value, name);
  if (typeof found !== 'number') throw new TypeError(`the report has no ${name}`);
  return found;
}

function list(value: unknown, name: string): unknown[] {
  const found = property(value, name);
  if (!Array.isArray(found)) throw new TypeError(`the report has no ${name}`);
  return found;
}
