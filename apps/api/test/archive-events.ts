import { Network } from '@bangui/ip';
import { Clock } from '../src/core/clock.ts';
import { type Database } from '../src/core/database/database.ts';
import { EventBus } from '../src/core/events/event-bus.ts';
import { Log } from '../src/core/logging/log.ts';
import { Geo, nowhere, type Place } from '../src/features/geo/index.ts';
import {
  type AppendedEvent,
  type ArchiveEvent,
  ArchiveWriter,
  keptMatches,
  type StoredEvent,
} from '../src/features/history/index.ts';
import { ArchiveRepository } from '../src/features/history/archive.repository.ts';
import { RollUpRepository } from '../src/features/history/roll-up.repository.ts';
import { TextIndex } from '../src/features/history/text-index.ts';

/** A Saturday noon in UTC; archives of tests lie around it. */
export const noon = Date.UTC(2026, 7, 15, 12);

/** The address or network; throws when it is none. */
export function network(text: string): Network {
  const parsed = Network.parse(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

/** What is said of an event instead of the usual, in plain texts. */
type EventChange = Partial<Omit<ArchiveEvent, 'address' | 'matches'>> & {
  readonly address?: string;
  readonly matches?: readonly string[];
};

/** A ban of 192.0.2.1 by sshd at noon, or what is said instead. */
export function archiveEvent(change: EventChange = {}): ArchiveEvent {
  const { address = '192.0.2.1', matches = [], ...rest } = change;
  return {
    jail: 'sshd',
    address: network(address),
    action: 'ban',
    at: noon,
    failedAt: null,
    duration: 600,
    banCount: 1,
    failures: 3,
    matches: keptMatches(matches),
    origin: 'selfblock',
    cause: null,
    actor: null,
    reason: null,
    ...rest,
  };
}

/** An event that was stored as the archive gives it back. */
export function readBack({ matches, ...facts }: AppendedEvent): StoredEvent {
  return { ...facts, matches: JSON.parse(matches) as string[] };
}

const places = [
  { country: 'DE', region: null, asn: 64_496, organisation: 'Example One' },
  { country: 'FR', region: null, asn: 64_497, organisation: 'Example Two' },
  { country: null, region: null, asn: null, organisation: null },
  { country: 'DE', region: null, asn: 4_200_000_000, organisation: 'Example <b>Three</b>' },
] satisfies Place[];

/** Places by the last bits of the first address, so that tests know them without data. */
export class TestGeo extends Geo {
  override locate(address: Network): Place {
    return places[Number(address.first & 3n)] ?? nowhere;
  }

  override countryAndNetwork(address: Network): Place {
    return this.locate(address);
  }
}

/** A writer over a test's database, and the events it tells. */
export async function archiveWriter(
  database: Database,
  clock: Clock = new Clock(),
): Promise<{ writer: ArchiveWriter; events: EventBus }> {
  const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
  const events = new EventBus(log);
  const textIndex = new TextIndex(database);
  const writer = new ArchiveWriter(
    database,
    new ArchiveRepository(database, textIndex),
    new RollUpRepository(database),
    textIndex,
    Object.create(TestGeo.prototype) as TestGeo,
    events,
    clock,
    log,
  );
  return { writer, events };
}

/** Numbers that look random and are the same every time (Lehmer). */
export function seeded(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Many events spread over a time before noon, the same for the same seed. */
export function manyEvents(
  count: number,
  { seed = 1, days = 3 }: { seed?: number; days?: number } = {},
): ArchiveEvent[] {
  const random = seeded(seed);
  const jails = ['sshd', 'nginx', 'postfix', 'blocklist-import'];
  return Array.from({ length: count }, () => {
    const jail = jails[random(jails.length)] ?? 'sshd';
    const isBan = random(3) > 0;
    const low = random(4_000);
    return archiveEvent({
      jail,
      address: random(20) === 0 ? `2001:db8::${low.toString(16)}` : `198.18.${low >> 8}.${low & 255}`,
      action: isBan ? 'ban' : 'unban',
      at: noon - random(days * 86_400) * 1_000,
      duration: isBan ? 600 : null,
      failures: isBan ? random(9) : null,
      matches: isBan && random(2) === 0 ? [`Failed password for root from ${low} port ${random(60_000)}`] : [],
      origin: jail === 'blocklist-import' ? 'blocklist' : 'selfblock',
      cause: isBan ? null : 'expired',
    });
  });
}
