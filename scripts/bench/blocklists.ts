import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import BetterSqlite from 'better-sqlite3';
import { ApiProcess, processorTime, proportionalMemory } from './api-process.ts';
import { crowdsecImport } from './crowdsec.ts';
import { iprange, type IprangeFigures } from './iprange.ts';
import { atMost, type Figure, percentile, timed, until } from './measure.ts';

/** Lists, and addresses that each of them shares with the one before and the one after. */
const lists = 20;
const perBlock = 50_000;
const limitMs = 120_000;
/** Addresses that CrowdSec imports beside us; more would take it minutes. */
const besideCrowdsec = 100_000;
const lookUps = 2_000;

interface Shown {
  readonly items: readonly {
    readonly id: string;
    readonly isRunning: boolean;
    readonly lastRun: { readonly startedAt: number; readonly finishedAt: number; readonly outcome: string } | null;
  }[];
  readonly wanted: { readonly ranges: number; readonly at: number; readonly generation: number };
}

/** Single addresses that do not touch; the first `changed` of them are others than before. */
function block(number: number, changed: number): string {
  return Array.from({ length: perBlock }, (_, index) => {
    const third = (index >> 7) & 255;
    return `${23 + number}.${(index < changed ? 100 : 1) + (index >> 15)}.${third}.${(index & 127) * 2}`;
  }).join('\n');
}

const listOf = (number: number, changed: number): string =>
  `${block(number, changed)}\n${block((number + 1) % lists, changed)}\n`;

/** Twenty lists with two million entries, a million of them different: imported, asked again, and changed by 1 %. */
export async function measureBlocklists(): Promise<Figure[]> {
  let texts = Array.from({ length: lists }, (_, number) => listOf(number, 0));
  // Known before it is asked for: what a publisher needs is none of our time.
  const etags = new Map<string, string>();
  const publisher = createServer((request, response) => {
    const text = texts[Number(request.url?.slice(1))] ?? '';
    const etag = etags.get(text) ?? `"${createHash('sha1').update(text.slice(0, 20_000)).digest('hex')}"`;
    etags.set(text, etag);
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { ETag: etag }).end(text);
  });
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  const { port } = publisher.address() as { port: number };
  const fail2ban = await PrivateFail2ban.start();
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-lists-'));
  const databasePath = join(folder, 'bangui.sqlite3');
  const api = await ApiProcess.start(fail2ban, { databasePath, env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } });
  let most = 0;
  let looking = 0;
  const watch = setInterval(() => void proportionalMemory(api.pid).then((mib) => (most = Math.max(most, mib))), 50);
  try {
    const headers = { cookie: await api.signIn(), 'content-type': 'application/json', 'x-bangui-request': '1' };
    const send = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${api.url}/api/v1/blocklists${path}`, { method, headers, ...given });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (response.status === 204 ? undefined : await response.json()) as T;
    };
    const settled = (isDone: (shown: Shown) => boolean): Promise<Shown> =>
      until(limitMs, 'the lists', async () => {
        const shown = await send<Shown>('GET', '');
        const isQuiet = shown.items.every(({ isRunning, lastRun }) => !isRunning && lastRun !== null);
        return isQuiet && isDone(shown) ? shown : undefined;
      });
    /** Of the whole API since it was asked last, in milliseconds. */
    let spent = await processorTime(api.pid);
    const processor = async (): Promise<string> => {
      const before = spent;
      spent = await processorTime(api.pid);
      return `${Math.round((spent - before) * 1_000)} ms`;
    };
    /** Of one of {@link lookUps} requests since it was asked last, in milliseconds. */
    const processorOfOne = async (): Promise<number> => {
      const before = spent;
      spent = await processorTime(api.pid);
      return ((spent - before) * 1_000) / lookUps;
    };
    const began = ({ items }: Shown): number => Math.min(...items.map(({ lastRun }) => lastRun?.startedAt ?? 0));
    const ended = ({ items }: Shown): number => Math.max(...items.map(({ lastRun }) => lastRun?.finishedAt ?? 0));
    await Promise.all(
      texts.map((_, number) =>
        send('POST', '', {
          plugin: 'url-list',
          name: `list ${number}`,
          config: { url: `http://127.0.0.1:${port}/${number}` },
        }),
      ),
    );
    const first = await settled(({ wanted }) => wanted.ranges === lists * perBlock);
    const firstMost = most;
    // To add up a process's memory halts it now and then.
    clearInterval(watch);
    const firstProcessor = await processor();
    /** All lists become due and the task looks at them once, as it does each minute. */
    const runDue = async (): Promise<void> => {
      const database = new BetterSqlite(databasePath);
      database.exec(
        'UPDATE import_run SET queued_at = queued_at - 864e5, started_at = started_at - 864e5, finished_at = finished_at - 864e5',
      );
      database.close();
      // The round before may be about to end.
      await until(limitMs, 'the task', async () => {
        const path = `${api.url}/api/v1/tasks/blocklist_import/run`;
        const { ok, status } = await fetch(path, { method: 'POST', headers, body: '{}' });
        if (!ok && status !== 409) throw new Error(`the task: ${status}`);
        return ok ? true : undefined;
      });
    };
    await runDue();
    // Looked up in the database: asking the API every few milliseconds would be most of its work meanwhile.
    await untilStored(databasePath, `SELECT count(*) FROM import_run WHERE outcome = 'unchanged'`, lists);
    const sameProcessor = await processor();
    const same = await settled(({ items }) => items.every(({ lastRun }) => lastRun?.outcome === 'unchanged'));
    const peer = await iprangeOf(folder, texts);
    texts = texts.map((_, number) => listOf(number, perBlock / 100));
    await runDue();
    const changed = await settled(({ wanted }) => wanted.generation > first.wanted.generation);
    const changedProcessor = await processor();
    const bare = await timed(lookUps, () =>
      fetch(`${api.url}/api/v1/auth/session`, { headers }).then((answer) => answer.text()),
    );
    const bareMs = await processorOfOne();
    const looked = await timed(lookUps, async () => {
      looking += 1;
      const address = `${23 + (looking % lists)}.1.${looking & 255}.${(looking & 127) * 2}`;
      await send('GET', `/lookup?address=${address}`);
    });
    const lookedMs = await processorOfOne();
    // Both begin with nothing.
    for (const { id } of changed.items) await send('DELETE', `/${id}`, {});
    await settled(({ wanted }) => wanted.ranges === 0);
    const hosts = `${block(lists + 1, 0)}\n${block(lists + 2, 0)}`.split('\n').slice(0, besideCrowdsec);
    texts.push(`${hosts.join('\n')}\n`);
    const other = await send<{ id: string }>('POST', '', {
      plugin: 'url-list',
      name: 'beside CrowdSec',
      config: { url: `http://127.0.0.1:${port}/${lists}` },
    });
    const more = await settled(({ wanted }) => wanted.ranges === besideCrowdsec);
    const lastRun = more.items.find(({ id }) => id === other.id)?.lastRun;
    const oursMs = more.wanted.at - (lastRun?.startedAt ?? 0);
    const crowdsec = await crowdsecImport(hosts);
    // Milliseconds of processor time stand beside: other work on the machine disturbs them least.
    return [
      {
        ...atMost(
          '20 lists, 2,000,000 entries: download to set to enforce',
          first.wanted.at - began(first),
          5_000,
          'ms',
          0,
        ),
        processor: firstProcessor,
      },
      atMost('the most memory of the whole API meanwhile', firstMost, 256, 'MiB', 0),
      {
        ...atMost('the same lists again, unchanged', ended(same) - began(same), 50, 'ms', 0),
        processor: sameProcessor,
      },
      {
        name: '1 % of each changed: to the set to enforce',
        value: `${changed.wanted.at - began(changed)} ms`,
        processor: changedProcessor,
      },
      {
        name: '`iprange` of the same 20 files, read and merged only',
        value: `${peer.tookMs.toFixed(0)} ms`,
        bound: `${peer.peakMb.toFixed(0)} MB`,
      },
      {
        name: 'look-up of an address through the API, median',
        value: `${percentile(looked, 0.5).toFixed(2)} ms`,
        bound: `${percentile(bare, 0.5).toFixed(2)} ms for nothing but the session`,
      },
      atMost('processor time of one beyond that of the session', lookedMs - bareMs, 1, 'ms', 2),
      {
        name: '`cscli decisions import` of 100,000 addresses',
        value: `${crowdsec.tookMs.toFixed(0)} ms`,
        bound: `${crowdsec.peakMb.toFixed(0)} MB`,
      },
      atMost('the same with ours, to the set to enforce', oursMs, Math.floor(crowdsec.tookMs / 25), 'ms', 0),
    ];
  } finally {
    clearInterval(watch); // also after a failure
    await api.stop();
    await fail2ban[Symbol.asyncDispose]();
    publisher.closeAllConnections();
    publisher.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until a statement that counts finds so many. */
async function untilStored(databasePath: string, statement: string, count: number): Promise<void> {
  const database = new BetterSqlite(databasePath, { readonly: true });
  try {
    const counting = database.prepare(statement).pluck();
    await until(limitMs, statement, () => Promise.resolve(counting.get() === count ? true : undefined), 5);
  } finally {
    database.close();
  }
}

/** iprange over the same lists, as files. */
async function iprangeOf(folder: string, texts: readonly string[]): Promise<IprangeFigures> {
  const paths = texts.map((_, number) => join(folder, `list-${number}.txt`));
  for (const [number, path] of paths.entries()) await writeFile(path, texts[number] ?? '');
  return iprange(paths);
}
