import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { ApiProcess, proportionalMemory } from './api-process.ts';
import { type Figure, until } from './measure.ts';

/** Entries of the one list that is imported; the first is the API without any. */
const SIZES = [0, 10_000, 100_000, 1_000_000] as const;
const limitMs = 120_000;
/** Memory counts as settled when it grew by no more than this between two looks, in MiB. */
const settledMib = 0.5;
const lookMs = 500;

/** Single addresses that do not touch each other, so that each is a range of its own. */
function addresses(count: number): string {
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const number = index * 2;
    lines.push(`${23 + (number >>> 21)}.${(number >>> 14) & 127}.${(number >>> 7) & 127}.${number & 127}`);
  }
  return lines.join('\n');
}

/** What one list costs the whole API in memory, by its size: the most while it is imported, and afterwards. */
export async function* measureListMemory(): AsyncGenerator<Figure> {
  for (const size of SIZES) yield* measureSize(size);
}

async function* measureSize(size: number): AsyncGenerator<Figure> {
  const text = addresses(size);
  const publisher = createServer((_request, response) => response.end(text));
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  const { port } = publisher.address() as { port: number };
  const fail2ban = await PrivateFail2ban.start();
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-memory-'));
  const api = await ApiProcess.start(fail2ban, {
    databasePath: join(folder, 'bangui.sqlite3'),
    env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' },
  });
  let most = 0;
  const watch = setInterval(() => void proportionalMemory(api.pid).then((mib) => (most = Math.max(most, mib))), 50);
  try {
    const headers = { cookie: await api.signIn(), 'content-type': 'application/json', 'x-bangui-request': '1' };
    const lists = `${api.url}/api/v1/blocklists`;
    if (size > 0) {
      const config = { url: `http://127.0.0.1:${port}/list` };
      const body = JSON.stringify({ plugin: 'url-list', name: 'list', config });
      const made = await fetch(lists, { method: 'POST', headers, body });
      if (!made.ok) throw new Error(`the list: ${made.status} ${await made.text()}`);
      await until(limitMs, 'the set to enforce', async () => {
        const { wanted } = (await (await fetch(lists, { headers })).json()) as { wanted: { ranges: number } };
        return wanted.ranges === size ? true : undefined;
      });
    }
    const rest = await settledMemory(api.pid);
    const what = `a list of ${size.toLocaleString('en')}`;
    yield { name: `${size === 0 ? 'without a list' : what}: the most meanwhile`, value: `${most.toFixed(0)} MiB` };
    yield { name: `${size === 0 ? 'without a list' : what}: afterwards`, value: `${rest.toFixed(0)} MiB` };
  } finally {
    clearInterval(watch);
    await api.stop();
    await fail2ban[Symbol.asyncDispose]();
    publisher.closeAllConnections();
    publisher.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Memory of a process once two looks in a row find about the same. */
async function settledMemory(pid: number): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  return until(
    limitMs,
    'memory at rest',
    async () => {
      const now = await proportionalMemory(pid);
      const isSettled = Math.abs(now - before) <= settledMib;
      before = now;
      return isSettled ? now : undefined;
    },
    lookMs,
  );
}
