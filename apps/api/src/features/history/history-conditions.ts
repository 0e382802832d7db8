import { type Network } from '@bangui/ip';
import { type DatabaseKind } from '../../core/database/database.ts';
import { prefixOf } from './archive-writer.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import { type Parameters } from './parameters.ts';
import { likePattern } from './text-search.ts';

/** A way into the archive: an index and the filter that it answers, in the order of the archive. */
export interface Driver {
  /** Name of the index. */
  readonly index: string;
  /** Name of the filter that the index answers; null for the index over time, which answers none. */
  readonly filter: 'jail' | 'country' | 'asn' | 'origin' | 'address' | null;
}

/** Part of the order of the archive, inside of a filter's range of time: after a position, up to and with an end. */
export interface Bounds {
  readonly after?: HistoryPosition | undefined;
  readonly end?: HistoryPosition | undefined;
}

/** The index that every search can use. */
export const byTime: Driver = { index: 'ix_history_archive_at', filter: null };

/** The indexes that answer one of these filters, in the order of the archive; the one over time when there is none. */
export function driversOf(filter: HistoryFilter): [Driver, ...Driver[]] {
  const drivers: Driver[] = [];
  if (filter.network?.isAddress) drivers.push({ index: 'ix_history_archive_address', filter: 'address' });
  if (filter.asn !== undefined) drivers.push({ index: 'ix_history_archive_asn', filter: 'asn' });
  if (filter.jail !== undefined) drivers.push({ index: 'ix_history_archive_jail', filter: 'jail' });
  if (filter.country !== undefined) drivers.push({ index: 'ix_history_archive_country', filter: 'country' });
  if (filter.origin !== undefined) drivers.push({ index: 'ix_history_archive_origin', filter: 'origin' });
  const [first, ...rest] = drivers;
  return first ? [first, ...rest] : [byTime];
}

/** Whether a driver alone answers the filters, so that every row it comes to is one of the page. */
export function isPure(driver: Driver, filter: HistoryFilter): boolean {
  const { jail, network, country, asn, origin, action, text } = filter;
  const given = [jail, network, country, asn, origin, action, text].filter((value) => value !== undefined).length;
  return given === (driver.filter === null ? 0 : 1);
}

/** SQL of what a driver's index answers: its filter and the range of time, unless a side of it is told otherwise. Always something. */
export function driverCondition(
  driver: Driver,
  filter: HistoryFilter,
  parameters: Parameters,
  { after, end }: Bounds,
): string {
  // One bound on each side: of two SQLite may seek by the wider one, and read all there is up to the other.
  const { from, to } = filter;
  const isBefore = after !== undefined && (to === undefined || after.at < to);
  const conditions = timeConditions({ from: end ? undefined : from, to: isBefore ? undefined : to }, parameters);
  if (isBefore) conditions.push(`(at, id) < (${parameters.add(after.at)}, ${parameters.add(after.id)})`);
  if (end) conditions.push(`(at, id) >= (${parameters.add(end.at)}, ${parameters.add(end.id)})`);
  const { network } = filter;
  if (driver.filter === 'address' && network) conditions.unshift(`address_key = ${parameters.add(network.key())}`);
  else if (driver.filter !== null && driver.filter !== 'address') {
    conditions.unshift(`${driver.filter} = ${parameters.add(filter[driver.filter] ?? null)}`);
  }
  return conditions.length > 0 ? conditions.join(' AND ') : '1 = 1';
}

function timeConditions({ from, to }: Pick<HistoryFilter, 'from' | 'to'>, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (from !== undefined) conditions.push(`at >= ${parameters.add(from)}`);
  if (to !== undefined) conditions.push(`at < ${parameters.add(to)}`);
  return conditions;
}

/** SQL of every filter. Always something. */
export function allConditions(kind: DatabaseKind, filter: HistoryFilter, parameters: Parameters): string {
  return [...timeConditions(filter, parameters), rowConditions(kind, filter, parameters)].join(' AND ');
}

/** SQL of every filter but the range of time. Always something. */
export function rowConditions(kind: DatabaseKind, filter: HistoryFilter, parameters: Parameters): string {
  const { jail, network, country, asn, origin, action, text } = filter;
  const conditions: string[] = [];
  const equal = { jail, country, asn, origin, action };
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) conditions.push(`${column} = ${parameters.add(value)}`);
  }
  if (network) conditions.push(networkCondition(network, parameters));
  if (text !== undefined) {
    // PostgreSQL's LIKE minds case; SQLite's does not for ASCII.
    conditions.push(
      `matches ${kind === 'postgres' ? 'ILIKE' : 'LIKE'} ${parameters.add(likePattern(text))} ESCAPE '!'`,
    );
  }
  return conditions.length > 0 ? conditions.join(' AND ') : '1 = 1';
}

/** SQL of being inside a network: the first address lies in its range, and it is no wider. */
export function networkCondition(network: Network, parameters: Parameters): string {
  const inside = `${keyCondition(network, parameters)} AND prefix >= ${prefixOf(network)}`;
  if (network.family === 4 || !holdsMapped(network)) return inside;
  // The keys of IPv4 addresses lie inside of this IPv6 network, but the addresses do not.
  const mapped = [0, 255].map((byte) => parameters.add(mappedKey(byte)));
  return `${inside} AND address_key NOT BETWEEN ${mapped.join(' AND ')}`;
}

/** SQL of the first address being in a network, which an index answers. */
export function keyCondition(network: Network, parameters: Parameters): string {
  const first = parameters.add(network.key());
  if (network.isAddress) return `address_key = ${first}`;
  return `address_key BETWEEN ${first} AND ${parameters.add(lastKey(network))}`;
}

/** The key of the IPv4 address whose four bytes are all this one. */
function mappedKey(byte: number): Uint8Array {
  return new Uint8Array(16).fill(255, 10, 12).fill(byte, 12);
}

function holdsMapped(network: Network): boolean {
  const mapped = 0xffff_0000_0000n;
  return network.first <= mapped && mapped <= network.last;
}

function lastKey(network: Network): Uint8Array {
  const bytes = network.key();
  let rest = network.last;
  const length = network.family === 4 ? 4 : 16;
  for (let index = 15; index > 15 - length; index -= 1) {
    bytes[index] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

/** SQL of coming after a position in the order of the archive, or nothing. */
export function afterCondition(after: HistoryPosition | undefined, parameters: Parameters): string {
  return after ? `AND (at, id) < (${parameters.add(after.at)}, ${parameters.add(after.id)})` : '';
}
