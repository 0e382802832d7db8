// `make test`: every test of the project, part after part; the last line says how many passed and failed.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout, varDir } from './lib/paths.ts';
import {
  addUp,
  type Counts,
  countPlaywright,
  countVitest,
  failuresOfPlaywright,
  failuresOfVitest,
} from './lib/test-reports.ts';

interface ReportReader {
  readonly count: (report: unknown) => Counts;
  readonly failures: (report: unknown) => string[];
}

interface Part {
  readonly title: string;
  readonly command: readonly [string, ...string[]];
  /** Absent for a part that only prepares: it adds no tests, but its failure counts. */
  readonly report?: ReportReader & { readonly file: string };
  readonly env?: NodeJS.ProcessEnv;
}

const reports = join(varDir, 'reports');
const vitestReport = join(reports, 'vitest.json');
const portalReport = join(reports, 'portal.json');
const playwrightReport = join(reports, 'playwright.json');
/** How many failures are told again at the end. */
const TOLD_FAILURES = 20;

const ofVitest: ReportReader = { count: countVitest, failures: failuresOfVitest };
const ofPlaywright: ReportReader = { count: countPlaywright, failures: failuresOfPlaywright };
const bin = (name: string) => join(checkout, 'node_modules/.bin', name);
const projects = ['libs', 'plugins', 'api', 'enforcer', 'database', 'e2e'].flatMap((name) => ['--project', name]);

const parts: readonly Part[] = [
  { title: 'Prerequisites', command: ['npm', 'run', '--silent', 'prerequisites'] },
  { title: 'Build', command: ['npm', 'run', '--silent', 'build'] },
  {
    title: 'Libraries, plugins, scripts and API',
    command: [
      bin('vitest'),
      'run',
      ...projects,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
    report: { file: vitestReport, ...ofVitest },
  },
  {
    title: 'Portal',
    command: [
      bin('ng'),
      'test',
      'portal',
      '--watch=false',
      '--reporters=default',
      '--reporters=json',
      `--output-file=${portalReport}`,
    ],
    report: { file: portalReport, ...ofVitest },
  },
  {
    title: 'Journeys in the browser',
    command: [bin('playwright'), 'test', '--reporter=list,json'],
    report: { file: playwrightReport, ...ofPlaywright },
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
  },
];

await rm(reports, { recursive: true, force: true });
await mkdir(reports, { recursive: true });
const outcomes: { counts: Counts | undefined; isFine: boolean }[] = [];
const failures: string[] = [];
for (const part of parts) {
  console.log(`\n== ${part.title}`);
  const startedAt = performance.now();
  const isFine = (await runPart(part)) === 0;
  const report = await readReport(part);
  const counts = report?.counts;
  failures.push(...(report?.failures ?? []));
  outcomes.push({ counts, isFine: isFine && (part.report === undefined || counts !== undefined) });
  const told = counts === undefined ? (isFine ? 'done' : 'FAILED') : `${counts.passed} passed, ${counts.failed} failed`;
  console.log(`== ${part.title}: ${told} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  // Without what it prepares, the rest would fail a hundred times for the same reason.
  if (!isFine && part.report === undefined) break;
}
const { passed, failed } = addUp(outcomes);
if (failed > 0) process.exitCode = 1;
// Told again where who looks at the end of a long log finds it.
if (failures.length > 0) console.log('\nWhat did not pass:');
for (const failure of failures.slice(0, TOLD_FAILURES)) console.log(`  ${failure.replaceAll(`${checkout}/`, '')}`);
if (failures.length > TOLD_FAILURES) console.log(`  and ${failures.length - TOLD_FAILURES} more`);
console.log(`\n${passed} passed, ${failed} failed`);

/** Runs a part with its output shown; gives its exit code. */
function runPart({ command, env }: Part): Promise<number> {
  const [program, ...args] = command;
  const { promise, resolve } = Promise.withResolvers<number>();
  const child = spawn(program, args, {
    cwd: checkout,
    env: { ...process.env, NG_CLI_ANALYTICS: 'false', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.on('error', (error) => {
    console.error(error.message);
    resolve(1);
  });
  child.on('exit', (code) => resolve(code ?? 1));
  return promise;
}

/** What the part's report says; undefined when it wrote none that can be read. */
async function readReport({ report }: Part): Promise<{ counts: Counts; failures: string[] } | undefined> {
  if (report === undefined) return undefined;
  try {
    const content: unknown = JSON.parse(await readFile(report.file, 'utf8'));
    return { counts: report.count(content), failures: report.failures(content) };
  } catch (error) {
    console.error(`No report of the tests: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
