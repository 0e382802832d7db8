import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '../../core/database/keyset.ts';
import { BansPages } from '../bans/index.ts';
import { Geo } from '../geo/index.ts';
import { type HistoryFilter, type HistoryPosition } from './history-filter.ts';
import {
  type AddressHistory,
  type AddressHistoryQuery,
  type AddressJail,
  type AddressTotals,
  type HistoryFilters,
  type HistoryPage,
  type HistoryQuery,
} from './history.dto.ts';
import { HistoryFilterInvalid, HistoryUnknown } from './history.errors.ts';
import { type ArchivePage, HistoryRepository, type JailTotals, maxTotalled } from './history.repository.ts';

/** Events on a page unless said otherwise. */
const defaultLimit = 50;

/** Bans in force that are told with an address at most. */
const maxInForce = 200;

/** Answers questions about the archive. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly repository: HistoryRepository,
    private readonly bans: BansPages,
    private readonly geo: Geo,
  ) {}

  /** One page of events. @throws {HistoryGone} {@link CursorInvalid} {@link HistoryFilterInvalid} */
  async page(query: HistoryQuery): Promise<HistoryPage> {
    const filter = filterOf(query);
    const pageSize = query.limit ?? query.page_size ?? defaultLimit;
    const { cursor, last_ban_id: lastBanId } = query;
    if (cursor !== undefined) {
      return answerOf(await this.repository.getArchivedHistory({ ...filter, pageSize, after: positionOf(cursor) }));
    }
    return answerOf(await this.repository.getArchivedHistoryKeyset({ ...filter, pageSize, lastBanId }));
  }

  /**
   * What is known of one address or network.
   * @throws {HistoryUnknown} when that is nothing
   */
  async ofAddress(text: string, { limit, cursor }: AddressHistoryQuery): Promise<AddressHistory> {
    const network = networkOf(text, 'address');
    const inForce = this.bans.page({ network: network.toString(), limit: maxInForce }).items;
    const sums = await this.repository.totalsOf(network);
    if (sums.length === 0 && inForce.length === 0) throw new HistoryUnknown(network.toString());
    const page = await this.repository.getArchivedHistory({
      network,
      pageSize: limit ?? defaultLimit,
      after: cursor === undefined ? undefined : positionOf(cursor),
    });
    const { items, nextCursor } = answerOf(page);
    const { country, region, asn, organisation } = this.geo.locate(network);
    return {
      address: network.toString(),
      place: { country, region, asn, organisation },
      totals: totalsOf(sums),
      jails: jailsOf(sums),
      inForce,
      items,
      nextCursor,
    };
  }
}

/** The filters of a request as the repository takes them. @throws {HistoryFilterInvalid} */
export function filterOf(query: HistoryFilters): HistoryFilter {
  const { jail, network, country, asn, origin, action, from, to, text } = query;
  if (text !== undefined && !/[^\s\0]/.test(text)) throw new HistoryFilterInvalid('text', 'must not be empty');
  return {
    jail,
    network: network === undefined || network === '' ? undefined : networkOf(network, 'network'),
    country,
    asn,
    origin,
    action,
    from,
    to,
    text: text?.replaceAll('\0', ''),
  };
}

function networkOf(text: string, field: string): Network {
  const network = Network.parseLoose(text);
  if (!network) throw new HistoryFilterInvalid(field, 'is neither an address nor a network');
  return network;
}

function positionOf(cursor: string): HistoryPosition {
  const [at, id] = decodeCursor(cursor, ['number', 'number']);
  // `decodeCursor` has looked at both.
  return { at: Number(at), id: Number(id) };
}

function answerOf({ items, next, scannedUntil }: ArchivePage): HistoryPage {
  return {
    items,
    nextCursor: next && encodeCursor([next.at, next.id]),
    ...(scannedUntil !== null && { scannedUntil }),
  };
}

function totalsOf(sums: readonly JailTotals[]): AddressTotals {
  const eventsOf = (action: string): number =>
    sums.filter((sum) => sum.action === action).reduce((total, { events }) => total + events, 0);
  const [bans, unbans] = [eventsOf('ban'), eventsOf('unban')];
  return {
    bans,
    unbans,
    failures: sums.reduce((total, { action, failures }) => total + (action === 'ban' ? failures : 0), 0),
    firstAt: sums.length === 0 ? null : Math.min(...sums.map(({ firstAt }) => firstAt)),
    lastAt: sums.length === 0 ? null : Math.max(...sums.map(({ lastAt }) => lastAt)),
    complete: bans + unbans < maxTotalled,
  };
}

/** Jails that have banned, the busiest first. */
function jailsOf(sums: readonly JailTotals[]): AddressJail[] {
  return sums
    .filter(({ action }) => action === 'ban')
    .map(({ jail, events, lastAt }) => ({ jail, bans: events, lastAt }))
    .sort((one, other) => other.bans - one.bans || other.lastAt - one.lastAt);
}
