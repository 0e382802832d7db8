import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import BetterSqlite from 'better-sqlite3';
import { ApiProcess, processorTime, proportionalMemory } from './api-process.ts';
import { atMost, type Figure, until } from './measure.ts';

/** Lists, and addresses that each of them shares with the one before and the one after. */
const lists = 20;
const perBlock = 50_000;
const limitMs = 120_000;

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
  const publisher = createServer((request, response) => {
    const text = texts[Number(request.url?.slice(1))] ?? '';
    const etag = `"${createHash('sha1').update(text.slice(0, 20_000)).digest('hex')}"`;
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
  const watch = setInterval(() => void proportionalMemory(api.pid).then((mib) => (most = Math.max(most, mib))), 50);
  try {
    const headers = { cookie: await api.signIn(), 'content-type': 'application/json', 'x-bangui-request': '1' };
    const send = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${api.url}/api/v1/blocklists${path}`, { method, headers, ...given });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
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
    const same = await settled(({ items }) => items.every(({ lastRun }) => lastRun?.outcome === 'unchanged'));
    const sameProcessor = await processor();
    texts = texts.map((_, number) => listOf(number, perBlock / 100));
    await runDue();
    const changed = await settled(({ wanted }) => wanted.generation > first.wanted.generation);
    const changedProcessor = await processor();
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
    ];
  } finally {
    clearInterval(watch);
    await api.stop();
    await fail2ban[Symbol.asyncDispose]();
    publisher.closeAllConnections();
    publisher.close();
    await rm(folder, { recursive: true, force: true });
  }
}
