import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { ApiProcess, proportionalMemory } from '../api-process.ts';
import { type Figure, atMost } from '../measure.ts';

/** Milliseconds between two looks at the API while it exports. */
const lookEveryMs = 10;

/** A file of 50,000 rows from the whole API: time, memory, and whether it goes on answering. */
export async function measureExport(databasePath: string): Promise<Figure[]> {
  await using fail2ban = await PrivateFail2ban.start();
  const api = await ApiProcess.start(fail2ban, { databasePath });
  try {
    const cookie = await api.signIn();
    const url = `${api.url}/api/v1/history/export?format=ndjson&maxRows=50000`;
    // The first one warms the caches up and starts the reading thread, as any page of the portal does.
    await read(url, cookie);
    const before = await proportionalMemory(api.pid);
    const looks: number[] = [];
    let memory = before;
    const state = { isDone: false };
    const looking = (async () => {
      while (!state.isDone) {
        const start = performance.now();
        await fetch(`${api.url}/api/health/live`).then((response) => response.text());
        looks.push(performance.now() - start);
        memory = Math.max(memory, await proportionalMemory(api.pid));
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    })();
    const start = performance.now();
    const rows = await read(url, cookie);
    const tookMs = performance.now() - start;
    state.isDone = true;
    await looking;
    if (rows < 50_000) throw new Error(`the export held ${rows} rows`);
    return [
      atMost('export of 50,000 rows', tookMs, 3_000, 'ms', 0),
      atMost('memory it took (PSS)', memory - before, 30, 'MiB'),
      atMost('slowest answer of /api/health/live meanwhile', Math.max(...looks), 50, 'ms', 0),
    ];
  } finally {
    await api.stop();
  }
}

/** Reads a file and counts its lines. */
async function read(url: string, cookie: string): Promise<number> {
  const response = await fetch(url, { headers: { cookie } });
  if (!response.ok || !response.body) throw new Error(`export: ${response.status}`);
  let lines = 0;
  for await (const piece of response.body) for (const byte of piece) if (byte === 10) lines += 1;
  return lines;
}
