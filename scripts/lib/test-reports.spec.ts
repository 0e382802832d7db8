import { expect, test } from 'vitest';
import { addUp, countPlaywright, countVitest, failuresOfPlaywright, failuresOfVitest } from './test-reports.ts';

const file = { status: 'passed', assertionResults: [{}] };

test('counts what passed and failed', () => {
  const report = { numTotalTests: 7, numPassedTests: 5, numFailedTests: 2, testResults: [file] };
  expect(countVitest(report)).toEqual({ passed: 5, failed: 2 });
  expect(countPlaywright({ stats: { expected: 4, unexpected: 1, flaky: 0, skipped: 0 }, errors: [] })).toEqual({
    passed: 4,
    failed: 1,
  });
});

test('counts a skipped test and one that needed a second try as failed', () => {
  expect(countVitest({ numTotalTests: 3, numPassedTests: 2, testResults: [file] })).toEqual({ passed: 2, failed: 1 });
  expect(countPlaywright({ stats: { expected: 1, unexpected: 0, flaky: 1, skipped: 1 }, errors: [] }).failed).toBe(2);
});

test('counts a file that does not load as one failed test', () => {
  const broken = { status: 'failed', assertionResults: [] };
  const report = { numTotalTests: 1, numPassedTests: 1, testResults: [file, broken] };
  expect(countVitest(report)).toEqual({ passed: 1, failed: 1 });
  const errors = [{ message: 'the server did not start' }];
  expect(countPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors }).failed).toBe(1);
});

test('refuses what is no report', () => {
  expect(() => countVitest({})).toThrow('numTotalTests');
  expect(() => countPlaywright(null)).toThrow('expected');
});

test('counts a part that died without a report, or failed without a failed test, as one failure', () => {
  const good = { counts: { passed: 5, failed: 0 }, isFine: true };
  expect(addUp([good, good])).toEqual({ passed: 10, failed: 0 });
  expect(addUp([good, { counts: undefined, isFine: false }])).toEqual({ passed: 5, failed: 1 });
  expect(addUp([{ counts: { passed: 5, failed: 0 }, isFine: false }])).toEqual({ passed: 5, failed: 1 });
  expect(addUp([{ counts: { passed: 5, failed: 2 }, isFine: false }])).toEqual({ passed: 5, failed: 2 });
});

test('names each test of Vitest that did not pass, and a file that does not load, in a line each', () => {
  const tests = [
    { status: 'passed', fullName: 'bans' },
    { status: 'failed', fullName: 'unbans in time', failureMessages: ['\u001b[31mexpected 1\u001b[39m\n  at a.ts:3'] },
    { status: 'pending', fullName: 'waits', failureMessages: [] },
  ];
  const report = {
    testResults: [
      { name: 'a.spec.ts', status: 'failed', assertionResults: tests },
      { name: 'b.spec.ts', status: 'failed', assertionResults: [], message: `no module ${'x'.repeat(500)}` },
      { name: 'c.spec.ts', status: 'passed', assertionResults: [] },
    ],
  };
  const [unbans, waits, broken, ...others] = failuresOfVitest(report);
  expect(unbans).toBe('a.spec.ts › unbans in time › expected 1');
  expect(waits).toBe('a.spec.ts › waits');
  expect(broken).toMatch(/^b\.spec\.ts › no module x+…$/);
  expect(broken).toHaveLength(200);
  expect(others).toEqual([]);
});

test('names each journey that did not pass at once, however deep it lies', () => {
  const spec = (status: string, ...results: object[]) => ({
    file: 'ban.spec.ts',
    title: `a journey that is ${status}`,
    tests: [{ status, results }],
  });
  const flaky = spec('flaky', { error: { message: 'no such button\nCall log' } }, {});
  const report = {
    errors: [{ message: 'no server' }],
    suites: [{ specs: [spec('expected', {})], suites: [{ specs: [flaky, spec('skipped')] }] }],
  };
  expect(failuresOfPlaywright(report)).toEqual([
    'no server',
    'ban.spec.ts › a journey that is flaky › no such button',
    'ban.spec.ts › a journey that is skipped',
  ]);
});
