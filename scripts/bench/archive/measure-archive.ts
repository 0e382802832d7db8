import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Network } from '@bangui/ip';
import { type Figure, atMost, percentile, timed } from '../measure.ts';
import { type BuiltArchive } from './built-api.ts';
import { rareWord } from './rows.ts';

const dayMs = 86_400_000;
/** Pages of each kind that are measured, and those before that do not count. */
const pageRounds = 400;
const warmUp = 50;

/** The median on the clock, and the processor time of all threads for each, both in milliseconds. */
async function median(work: () => Promise<unknown>, times: number): Promise<{ ms: number; processor: string }> {
  await timed(3, work);
  const start = process.cpuUsage();
  const samples = await timed(times, work);
  return { ms: percentile(samples, 0.5), processor: `${(processorMs(start) / times).toFixed(1)} ms` };
}

/** Processor time of this process since then in milliseconds. */
function processorMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** A page at the top and deep down, by position and, for comparison, by OFFSET. */
export async function* measurePages({ history, database }: BuiltArchive, rows: number): AsyncGenerator<Figure> {
  const depth = Math.floor(rows * 0.99);
  const [deep] = (await database.reports.query(
    'SELECT at, id FROM history_archive ORDER BY at DESC, id DESC LIMIT 1 OFFSET $1',
    [depth],
  )) as { at: number; id: number }[];
  // In turn, so that whatever else the machine does meets both alike.
  const pages: Record<'top' | 'deep', number[]> = { top: [], deep: [] };
  for (let round = 0; round < pageRounds + warmUp; round += 1) {
    const top = await timed(1, () => history.getArchivedHistory({ pageSize: 50 }));
    const below = await timed(1, () => history.getArchivedHistory({ pageSize: 50, after: deep }));
    if (round < warmUp) continue;
    pages.top.push(...top);
    pages.deep.push(...below);
  }
  const top = percentile(pages.top, 0.5);
  const last = percentile(pages.deep, 0.5);
  yield atMost('page of 50 at depth 0, p50', top, 5, 'ms', 2);
  yield atMost(`page of 50 at depth ${depth.toLocaleString('en')}, p50`, last, 5, 'ms', 2);
  yield atMost('deep page beside the first', last / top, 1.2, '×', 2);
  const offset = await median(
    () => database.reports.query('SELECT * FROM history_archive ORDER BY at DESC, id DESC LIMIT 50 OFFSET $1', [depth]),
    5,
  );
  yield { name: `the same by OFFSET ${depth.toLocaleString('en')}`, value: `${offset.ms.toFixed(0)} ms` };
}

/** Combinations of filters: the slowest page of each, over its first pages. */
export async function* measureFilters({ history }: BuiltArchive, now: number): AsyncGenerator<Figure> {
  const network = (text: string): unknown => Network.parse(text);
  const filters: [string, Record<string, unknown>][] = [
    ['jail', { jail: 'mysql' }],
    ['country and ASN', { country: 'CA', asn: 64_514 }],
    ['jail, country, 30 days', { jail: 'recidive', country: 'JH', from: now - 30 * dayMs }],
    ['one address', { network: network('8.0.17.37') }],
    ['a /24', { network: network('8.0.16.0/24') }],
    ['a /8', { network: network('8.0.0.0/8') }],
    ['everything (0.0.0.0/0), blocklist', { network: network('0.0.0.0/0'), origin: 'blocklist' }],
    ['unbans (none)', { action: 'unban' }],
    ['rare word', { text: rareWord }],
    ['frequent words', { text: 'failed password' }],
    ['absent words', { text: 'never written' }],
    ['frequent words, jail, rare ASN', { text: 'failed password', jail: 'web', asn: 67_500 }],
    ['two letters, country', { text: 'zz', country: 'CA' }],
  ];
  for (const [name, filter] of filters) {
    let after: unknown;
    const pages: number[] = [];
    let found = 0;
    let cut = 0;
    for (let page = 0; page < 8; page += 1) {
      const start = performance.now();
      const { items, next, scannedUntil } = await history.getArchivedHistory({ ...filter, pageSize: 50, after });
      pages.push(performance.now() - start);
      found += items.length;
      if (scannedUntil !== null) cut += 1;
      if (!next) break;
      after = next;
    }
    const told = cut > 0 ? `, ${cut} of ${pages.length} cut` : '';
    yield atMost(`${name}: ${found} found${told}, slowest page`, Math.max(...pages), 200, 'ms', 0);
  }
}

/** Every question of the overview, over every range of its control. */
export async function* measureDashboard({ dashboard }: BuiltArchive, now: number): AsyncGenerator<Figure> {
  const ranges: [string, number][] = [
    ['1 h', 1 / 24],
    ['24 h', 1],
    ['7 d', 7],
    ['30 d', 30],
    ['365 d', 365],
  ];
  for (const [name, days] of ranges) {
    const range = { from: now - Math.round(days * dayMs), to: now, timeZone: 'Europe/Berlin' };
    const questions: [string, () => Promise<unknown>][] = [
      ['summary', () => dashboard.summary(range)],
      ['trend by jail', () => dashboard.trend({ ...range, by: 'jail' })],
      ...['country', 'jail', 'asn', 'address'].map((by): [string, () => Promise<unknown>] => [
        `by ${by}`,
        () => dashboard.ranking(by, range),
      ]),
    ];
    for (const [question, ask] of questions) {
      const { ms, processor } = await median(ask, 9);
      yield { ...atMost(`dashboard ${name}: ${question}, p50`, ms, 50, 'ms'), processor };
    }
  }
  const year = { from: now - 365 * dayMs, to: now };
  const combinations: [string, string, Record<string, unknown>][] = [
    ['countries of a jail', 'country', { jail: 'sshd' }],
    ['jails of a country', 'jail', { country: 'CA' }],
    ['countries of the blocklists', 'country', { origin: 'blocklist' }],
    ['networks of a jail', 'asn', { jail: 'sshd' }],
    ['offenders of a jail in a country', 'address', { jail: 'web', country: 'CA' }],
  ];
  for (const [name, by, filter] of combinations) {
    const { ms, processor } = await median(() => dashboard.ranking(by, { ...year, ...filter }), 9);
    yield { ...atMost(`dashboard 365 d: ${name}, p50`, ms, 300, 'ms'), processor };
  }
}

/** Adding 100,000 events to it, and forgetting its oldest day: how long, and how long this thread did not answer. */
export async function* measureWrites({ writer }: BuiltArchive, now: number, oldest: number): AsyncGenerator<Figure> {
  const events = Array.from({ length: 100_000 }, (_, index) => ({
    jail: 'backfill',
    address: Network.of(4, BigInt((index * 2_654_435_761) % 4_294_967_296), 32),
    action: 'ban',
    at: now - (index % dayMs),
    failedAt: null,
    duration: 600,
    banCount: 1,
    failures: 5,
    matches: JSON.stringify([`Failed password for invalid user admin${index} from somewhere port 22`]),
    origin: 'selfblock',
    cause: null,
    actor: null,
    reason: null,
  }));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const stalled = async (
    work: () => Promise<unknown>,
  ): Promise<{ tookMs: number; stallMs: number; processor: string }> => {
    delay.reset();
    delay.enable();
    const start = performance.now();
    const processor = process.cpuUsage();
    await work();
    delay.disable();
    // The monitor counts its own interval in.
    return {
      tookMs: performance.now() - start,
      stallMs: Math.max(0, delay.max / 1e6 - 5),
      processor: `${(processorMs(processor) / 1_000).toFixed(1)} s`,
    };
  };
  const append = await stalled(() => writer.append(events));
  yield { ...atMost('100,000 events added', append.tookMs / 1_000, 10, 's'), processor: append.processor };
  yield atMost('longest stall meanwhile', append.stallMs, 50, 'ms');
  const purge = await stalled(() => writer.purge(oldest + dayMs));
  yield { name: 'oldest day forgotten', value: `${(purge.tookMs / 1_000).toFixed(1)} s`, processor: purge.processor };
  yield atMost('longest stall meanwhile', purge.stallMs, 50, 'ms');
}
