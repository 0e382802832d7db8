import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readConfiguration } from '@bangui/fail2ban-config';
import { prepareFail2ban } from '../lib/fail2ban-package.ts';
import { atMost, type Figure } from './measure.ts';

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
