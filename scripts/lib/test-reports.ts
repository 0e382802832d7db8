import { stripVTControlCharacters } from 'node:util';

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

/** The longest line about one failure, in characters. */
const LINE_LENGTH = 200;

/** A line of each test of Vitest's report that did not pass: its file, its name, and how its message begins. */
export function failuresOfVitest(report: unknown): string[] {
  return list(report, 'testResults').flatMap((file) => {
    const path = text(file, 'name');
    const tests = list(file, 'assertionResults');
    if (tests.length === 0) return property(file, 'status') === 'failed' ? [line(path, text(file, 'message'))] : [];
    return tests
      .filter((each) => property(each, 'status') !== 'passed')
      .map((each) => line(path, text(each, 'fullName'), messages(each)));
  });
}

/** The same of Playwright's report; a journey that passed when it was run again tells of its first failure. */
export function failuresOfPlaywright(report: unknown): string[] {
  const errors = list(report, 'errors').map((error) => line(text(error, 'message')));
  return [...errors, ...list(report, 'suites').flatMap(failuresOfSuite)];
}

function failuresOfSuite(suite: unknown): string[] {
  const own = optionalList(suite, 'specs').flatMap((spec) =>
    optionalList(spec, 'tests')
      .filter((each) => property(each, 'status') !== 'expected')
      .map((each) => {
        const result = optionalList(each, 'results').find((one) => property(one, 'error') !== undefined);
        return line(text(spec, 'file'), text(spec, 'title'), text(property(result, 'error'), 'message'));
      }),
  );
  return [...own, ...optionalList(suite, 'suites').flatMap(failuresOfSuite)];
}

function messages(test: unknown): string {
  const [first] = optionalList(test, 'failureMessages');
  return typeof first === 'string' ? first : '';
}

/** The parts that are not empty in one line, each with just its first line and without the colours of a terminal. */
function line(...parts: string[]): string {
  const told = parts
    .filter((part) => part !== '')
    .map((part) => stripVTControlCharacters(part).trim().split('\n', 1)[0])
    .join(' › ');
  return told.length > LINE_LENGTH ? `${told.slice(0, LINE_LENGTH - 1)}…` : told;
}

function text(value: unknown, name: string): string {
  const found = property(value, name);
  return typeof found === 'string' ? found : '';
}

function optionalList(value: unknown, name: string): unknown[] {
  return property(value, name) === undefined ? [] : list(value, name);
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
