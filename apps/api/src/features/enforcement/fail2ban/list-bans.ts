import { Fail2banClient } from '@bangui/fail2ban';
import { type AddressSet, Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { grouped } from '../../../core/grouped.ts';
import { blocklistJail } from './provisioned-jails.ts';

/** Entries that a jail bears: with more, fail2ban answers nobody for a minute, and again at each of its starts. */
export const maxListBans = 5_000;
/** Entries of one command; others wait meanwhile. */
const batchSize = 100;

/** The lists are too long for a jail. */
export class TooManyForJail extends Error {
  constructor(entries: number) {
    super(
      `The lists hold ${entries > maxListBans ? `more than ${grouped(maxListBans)}` : grouped(entries)} entries, and a jail bears ${grouped(maxListBans)}: fail2ban would answer nobody for minutes. Nothing of them was banned or lifted. Use an enforcer (BANGUI_ENFORCEMENT=ipset).`,
    );
  }
}

/** Makes a jail hold what lists block. */
@Injectable()
export class ListBans {
  constructor(private readonly client: Fail2banClient) {}

  /**
   * Bans what is missing and lifts what is too much. @returns the number of bans then, and of changes
   * @throws {TooManyForJail} before anything is changed, or the client's error
   */
  async apply(blocked: AddressSet, signal: AbortSignal): Promise<{ bans: number; changes: number }> {
    const wanted = new Map<string, Network>();
    for (const network of blocked.networks()) {
      if (wanted.size >= maxListBans) throw new TooManyForJail(maxListBans + 1);
      wanted.set(network.toString(), network);
    }
    const before = await this.client.bansOf(blocklistJail);
    const obsolete = before.filter((text) => !wanted.has(text)).flatMap((text) => Network.parse(text) ?? []);
    const options = { batchSize, signal };
    if (obsolete.length > 0) await this.client.unban(blocklistJail, obsolete, options);
    // Lifting a network lifts what is inside it too, so what is missing is known only now.
    const present = new Set(obsolete.length > 0 ? await this.client.bansOf(blocklistJail) : before);
    const missing = [...wanted].filter(([text]) => !present.has(text)).map(([, network]) => network);
    if (missing.length > 0) await this.client.ban(blocklistJail, missing, options);
    const bans = (await this.client.bansOf(blocklistJail)).length;
    return { bans, changes: missing.length + obsolete.length };
  }
}
