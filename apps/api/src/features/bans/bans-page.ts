import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Geo, nowhere } from '../geo/index.ts';
import { addressKey, type BanRecord, lastKeyText, networkKey } from './ban-record.ts';
import { type Ban, type BanPage, type BanQuery } from './bans.dto.ts';
import { AddressInvalid, CursorInvalid } from './bans.errors.ts';
import { BansSnapshot } from './bans-snapshot.ts';
import { positionOf } from './sorted-bans.ts';

/** Bans on a page unless said otherwise. */
const defaultLimit = 50;
/** Filtered lists kept for the next page. */
const maxKept = 8;

/** Pages of the bans in force. */
@Injectable()
export class BansPages {
  /** Filtered lists of `source`, by filter. */
  private kept = new Map<string, readonly BanRecord[]>();
  private source: readonly BanRecord[] = [];

  constructor(
    private readonly snapshot: BansSnapshot,
    private readonly geo: Geo,
  ) {}

  /**
   * One page, newest first. Pages of one walk may see different snapshots; no ban is shown twice, and none is missed
   * that is in force all the time.
   * @throws {AddressInvalid} when `network` is none
   * @throws {CursorInvalid} when `cursor` did not come from here
   */
  page(query: BanQuery): BanPage {
    const matching = this.matching(query);
    const start = query.cursor === undefined ? 0 : afterCursor(matching, query.cursor);
    const items = matching.slice(start, start + (query.limit ?? defaultLimit));
    const last = items.at(-1);
    const hasMore = start + items.length < matching.length;
    return {
      items: items.map((record) => this.asBan(record)),
      nextCursor: hasMore && last ? cursorOf(last) : null,
      total: matching.length,
    };
  }

  /** A record as the API shows it. */
  private asBan({ jail, address, bannedAt, duration, expiresAt }: BanRecord): Ban {
    const network = Network.parse(address);
    const { country, asn, organisation } = network ? this.geo.countryAndNetwork(network) : nowhere;
    return { jail, address, bannedAt, duration, expiresAt, country, asn, organisation };
  }

  private matching(query: BanQuery): readonly BanRecord[] {
    const all = this.snapshot.newestFirst();
    const passes = filterOf(query);
    if (!passes) return all;
    if (all !== this.source) {
      this.kept = new Map();
      this.source = all;
    }
    const name = JSON.stringify([query.jail, query.network, query.q]);
    const filtered = this.kept.get(name) ?? all.filter(passes);
    this.kept.set(name, filtered);
    const [oldest] = this.kept.keys();
    if (this.kept.size > maxKept && oldest !== undefined) this.kept.delete(oldest);
    return filtered;
  }
}

function filterOf({ jail, network, q }: BanQuery): ((ban: BanRecord) => boolean) | undefined {
  const filters: ((ban: BanRecord) => boolean)[] = [];
  if (jail !== undefined) filters.push((ban) => ban.jail === jail);
  if (network !== undefined && network !== '') filters.push(insideOf(network));
  if (q !== undefined && q !== '') {
    const text = q.toLowerCase();
    filters.push((ban) => ban.address.includes(text) || ban.jail.toLowerCase().includes(text));
  }
  return filters.length === 0 ? undefined : (ban) => filters.every((passes) => passes(ban));
}

function insideOf(text: string): (ban: BanRecord) => boolean {
  const network = Network.parseLoose(text);
  if (!network) {
    const message = 'is neither an address nor a network';
    throw new AddressInvalid([{ field: 'network', message, code: 'address-invalid' }]);
  }
  const { text: first, prefix, family } = networkKey(network);
  const last = lastKeyText(network);
  return ({ key }) => key.family === family && key.prefix >= prefix && key.text >= first && key.text <= last;
}

function cursorOf({ bannedAt, jail, address }: BanRecord): string {
  return Buffer.from(JSON.stringify([bannedAt, jail, address])).toString('base64url');
}

function afterCursor(sorted: readonly BanRecord[], cursor: string): number {
  const [bannedAt, jail, address] = readCursor(cursor);
  const position = positionOf(sorted, { bannedAt, jail, address, key: addressKey(address) });
  const record = sorted[position];
  // The record of the cursor may be gone; then the next one is already at its place.
  const isThere = record?.bannedAt === bannedAt && record.jail === jail && record.address === address;
  return isThere ? position + 1 : position;
}

function readCursor(cursor: string): [bannedAt: number, jail: string, address: string] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (cause) {
    // Not JSON, so not ours.
    throw new CursorInvalid({ cause });
  }
  const parts: unknown[] = Array.isArray(value) ? value : [];
  const [bannedAt, jail, address] = parts;
  if (typeof bannedAt !== 'number' || typeof jail !== 'string' || typeof address !== 'string') {
    throw new CursorInvalid();
  }
  return [bannedAt, jail, address];
}
