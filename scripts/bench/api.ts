import { fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { Fail2banClient } from '@bangui/fail2ban';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { Network } from '@bangui/ip';
import { ApiProcess, proportionalMemory } from './api-process.ts';
import { type Figure, atMost, percentile, timed, until } from './measure.ts';

const LIVE_CLIENTS = 10;
/** Threads that had nothing to do for a minute end. */
const SETTLE_MS = 70_000;

/** Start, memory at rest with live clients, and how long a ban made on the side takes to the event stream. */
export async function measureApi(): Promise<Figure[]> {
  await using fail2ban = await PrivateFail2ban.start();
  const starts: number[] = [];
  for (let round = 0; round < 3; round++) {
    const api = await ApiProcess.start(fail2ban);
    starts.push(api.startMs);
    await api.stop();
  }
  const api = await ApiProcess.start(fail2ban);
  try {
    const streams = new AbortController();
    for (let client = 1; client < LIVE_CLIENTS; client++) {
      await openStream(api, await api.signIn(), streams.signal, () => undefined);
    }
    const heard = new Map<string, number>();
    await openStream(api, await api.signIn(), streams.signal, (text) => {
      for (const [, address] of text.matchAll(/"address":"([^"]+)"/g)) {
        if (address !== undefined && !heard.has(address)) heard.set(address, performance.now());
      }
    });
    const delays = await banDelays(fail2ban, heard);
    await wait(SETTLE_MS);
    const memory = await proportionalMemory(api.pid);
    streams.abort();
    return [
      atMost('start to /api/health/live, median of 3', percentile(starts, 0.5), 2_000, 'ms', 0),
      atMost(`memory at rest (PSS), ${LIVE_CLIENTS} live clients`, memory, 160, 'MiB'),
      { name: 'memory of bare Nest on Fastify (PSS)', value: `${(await bareNestMemory()).toFixed(1)} MiB` },
      atMost('ban made on the side to event, worst of 20', Math.max(...delays), 1_000, 'ms', 0),
    ];
  } finally {
    await api.stop();
  }
}

async function openStream(
  api: ApiProcess,
  cookie: string,
  signal: AbortSignal,
  hear: (text: string) => void,
): Promise<void> {
  const response = await fetch(`${api.url}/api/v1/events`, { headers: { cookie }, signal });
  if (!response.ok || response.body === null) throw new Error(`event stream: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  void (async () => {
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) hear(part.value);
    } catch {
      // Aborted by us at the end of the measurement.
    }
  })();
}

async function banDelays(fail2ban: PrivateFail2ban, heard: ReadonlyMap<string, number>): Promise<number[]> {
  const side = new Fail2banClient({ socketPath: fail2ban.socketPath });
  const delays: number[] = [];
  for (let host = 1; host <= 20; host++) {
    const network = Network.parse(`192.0.2.${host}`);
    if (network === undefined) throw new Error('not an address');
    const banned = performance.now();
    await side.ban('manual', [network]);
    delays.push((await until(10_000, 'the event', () => Promise.resolve(heard.get(network.toString())))) - banned);
  }
  await side.close();
  return delays;
}

async function bareNestMemory(): Promise<number> {
  const child = fork(new URL('./bare-nest.ts', import.meta.url), { stdio: 'inherit' });
  await new Promise((resolve) => child.once('message', resolve));
  await wait(5_000);
  const memory = await proportionalMemory(child.pid ?? 0);
  child.kill('SIGKILL');
  return memory;
}

/** The list of jails with 3 and with 100 of them, and a page of bans with few and with 100,000 in force, each as a ratio. */
export async function measureLists(): Promise<Figure[]> {
  const few = await listTimes('default', 100);
  const many = await listTimes(manyJails(100), 100_000);
  return [
    { name: 'GET /jails with 3 jails, p50', value: `${few.jails.toFixed(2)} ms` },
    { name: 'GET /jails with 100 jails, p50', value: `${many.jails.toFixed(2)} ms` },
    atMost('list of 100 jails beside 3', many.jails / few.jails, 3, '×', 2),
    { name: 'GET /bans with 100 in force, p50', value: `${few.bans.toFixed(2)} ms` },
    { name: 'GET /bans with 100,000 in force, p50', value: `${many.bans.toFixed(2)} ms` },
    atMost('page of bans at 100,000 beside 100', many.bans / few.bans, 3, '×', 2),
  ];
}

function manyJails(count: number): string {
  const jails = ['[manual]\nenabled = true\nfilter =\naction =\nbantime = -1\n'];
  for (let jail = 1; jail < count; jail++)
    jails.push(`[jail-${jail}]\nenabled = true\nfilter =\naction =\nbantime = 600\n`);
  return jails.join('\n');
}

async function listTimes(jails: string, bans: number): Promise<{ jails: number; bans: number }> {
  await using fail2ban = await PrivateFail2ban.start({ jails });
  const side = new Fail2banClient({ socketPath: fail2ban.socketPath });
  const networks: Network[] = [];
  for (let host = 0; host < bans; host++) {
    const network = Network.parse(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`);
    if (network !== undefined) networks.push(network);
  }
  await side.ban('manual', networks, { batchSize: 2_000 });
  await side.close();
  const api = await ApiProcess.start(fail2ban);
  try {
    const cookie = await api.signIn();
    const get = async (path: string): Promise<unknown> => {
      const response = await fetch(`${api.url}/api/v1${path}`, { headers: { cookie } });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    };
    await until(60_000, 'all bans', async () => {
      const page: unknown = await get('/bans?limit=1');
      return typeof page === 'object' && page !== null && 'total' in page && page.total === bans ? true : undefined;
    });
    await timed(50, () => get('/jails'));
    const jailTimes = await timed(300, () => get('/jails'));
    const banTimes = await timed(300, () => get('/bans?limit=50'));
    return { jails: percentile(jailTimes, 0.5), bans: percentile(banTimes, 0.5) };
  } finally {
    await api.stop();
  }
}
