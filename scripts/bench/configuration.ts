import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readConfiguration } from '@bangui/fail2ban-config';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { prepareFail2ban } from '../lib/fail2ban-package.ts';
import { ApiProcess, processorTimeWithChildren } from './api-process.ts';
import { atMost, type Figure, percentile, timed, until } from './measure.ts';

const JAILS = 500;
const FILTERS = 300;

/** Debian's own configuration with 500 further jails and 300 further filters, read for the first time in this process and then again. */
export async function measureConfiguration(): Promise<Figure[]> {
  const { configDir } = await prepareFail2ban();
  const dir = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
  try {
    await cp(configDir, dir, { recursive: true });
    const jails = Array.from(
      { length: JAILS },
      (_, index) =>
        `[own-${index}]\nenabled = true\nfilter = own-${index % FILTERS}[mode=strict]\nport = http\nlogpath = /var/log/own-${index}.log\n`,
    );
    await writeFile(join(dir, 'jail.local'), jails.join(''));
    for (let index = 0; index < FILTERS; index++) await writeFile(join(dir, `filter.d/own-${index}.conf`), filter);
    const first = await measured(dir);
    const again = await measured(dir);
    return [
      {
        ...atMost(`${JAILS} jails and ${FILTERS} filters: read and listed`, first.list, 150, 'ms', 0),
        processor: first.processor,
      },
      { name: 'the same again', value: `${again.list.toFixed(0)} ms`, processor: again.processor },
      { name: 'every option of every jail, filter and action', value: `${again.all.toFixed(0)} ms` },
    ];
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** What a list of jails shows, then everything there is; milliseconds. */
async function measured(dir: string): Promise<{ list: number; all: number; processor: string }> {
  const startedAt = performance.now();
  const usedAt = process.cpuUsage();
  const { jails, filters, actions } = await readConfiguration(dir);
  for (const jail of jails) {
    if (jail.isEnabled) for (const name of ['filter', 'bantime', 'maxretry', 'logpath']) jail.option(name);
  }
  const list = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usedAt);
  let count = 0;
  for (const { options, problems } of jails) count += options.size + problems.length;
  for (const { definition, init } of [...filters, ...actions]) count += definition.size + init.size;
  if (count < jails.length * 10) throw new Error('The configuration was not read as a whole.');
  return { list, all: performance.now() - startedAt, processor: `${((user + system) / 1_000).toFixed(0)} ms` };
}

const filter = `[INCLUDES]
before = common.conf

[Definition]
_daemon = own
failregex = ^%(__prefix_line)sfailed from <HOST>$
            ^%(__prefix_line)s<mode> denied <HOST>$
ignoreregex =

[Init]
mode = normal
`;

/** Jails of those that are enabled: each is two threads of fail2ban. */
const ENABLED = 100;
const ROUNDS = 5;

/** The lists, and a change of one jail from the request to the version, through the API and a real fail2ban. */
export async function measureConfigurationChanges(): Promise<Figure[]> {
  const jails = Array.from({ length: JAILS }, (_, index) => jailOf(index)).join('');
  const files = Object.fromEntries(
    Array.from({ length: FILTERS }, (_, index) => [`filter.d/own-${index}.conf`, ownFilter]),
  );
  await using fail2ban = await PrivateFail2ban.start({ jails: `${jails}[manual]\nenabled = true\nfilter =\n`, files });
  const api = await ApiProcess.start(fail2ban);
  try {
    const cookie = await api.signIn();
    const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(`${api.url}/api/v1${path}`, {
        method,
        headers: { cookie, 'x-bangui-request': '1', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    };
    await until(60_000, 'all jails read back', async () => {
      const { items } = await ask<{ items: { armed: { status: string } }[] }>('GET', '/jails');
      return items.filter(({ armed }) => armed.status === 'armed').length > ENABLED ? true : undefined;
    });
    const first = await timed(1, () => ask('GET', '/configuration/jails'));
    const lists = await timed(20, () => ask('GET', '/configuration/jails'));
    const filters = await timed(20, () => ask('GET', '/configuration/filters'));
    const reloads = await timed(ROUNDS, () => fail2ban.client('reload'));
    const changes: number[] = [];
    const checks: number[] = [];
    const used: Record<'check' | 'change', number> = { check: 0, change: 0 };
    const using = async (what: 'check' | 'change', work: () => Promise<unknown>): Promise<void> => {
      const before = await processorTimeWithChildren(api.pid);
      await work();
      used[what] += (await processorTimeWithChildren(api.pid)) - before;
    };
    for (let round = 0; round < ROUNDS; round++) {
      const { file } = await ask<{ file: { etag: string | null } }>('GET', '/configuration/jails/own-1');
      const set = [{ option: 'maxretry', value: String(10 + round) }];
      const edits = { jails: [{ jail: 'own-1', set, etag: file.etag }] };
      await using('check', async () => {
        checks.push(...(await timed(1, () => ask('POST', '/configuration/check', edits))));
      });
      await using('change', async () => {
        const startedAt = performance.now();
        const { id } = await ask<{ id: string }>('POST', '/configuration/changes', edits);
        await until(60_000, 'the change', async () => {
          const { status } = await ask<{ status: string }>('GET', `/operations/${id}`);
          if (status === 'failed') throw new Error('the change failed');
          return status === 'succeeded' ? true : undefined;
        });
        changes.push(performance.now() - startedAt);
      });
    }
    const own = percentile(changes, 0.5) - percentile(reloads, 0.5);
    return [
      atMost(`list of ${JAILS} jails, the first time`, percentile(first, 0.5), 300, 'ms', 0),
      atMost('list of jails, p50', percentile(lists, 0.5), 300, 'ms', 0),
      atMost(`list of ${FILTERS} filters, p50`, percentile(filters, 0.5), 300, 'ms', 0),
      {
        name: 'check of a change, p50',
        value: `${percentile(checks, 0.5).toFixed(0)} ms`,
        processor: perRound(used.check),
      },
      {
        name: `fail2ban-client reload, ${ENABLED} jails enabled, p50`,
        value: `${percentile(reloads, 0.5).toFixed(0)} ms`,
      },
      {
        name: 'a change from request to version, p50',
        value: `${percentile(changes, 0.5).toFixed(0)} ms`,
        processor: perRound(used.change),
      },
      atMost('that beside fail2ban-client reload', own, 1_500, 'ms', 0),
    ];
  } finally {
    await api.stop();
  }
}

/** Of the API and the programs that it started, on average. */
function perRound(seconds: number): string {
  return `${((seconds * 1_000) / ROUNDS).toFixed(0)} ms`;
}

function jailOf(index: number): string {
  const source = index < ENABLED ? 'enabled = true\nlogpath = @DIR@/log/web.log\n' : 'logpath = /var/log/own.log\n';
  return `[own-${index}]\nfilter = own-${index % FILTERS}\n${source}`;
}

const ownFilter = `[Definition]
failregex = ^failed from <HOST>$
            ^denied <HOST>$
ignoreregex =
datepattern = ^{EPOCH}
`;
