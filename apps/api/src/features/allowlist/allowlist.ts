import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { defineEvent } from '../../core/events/event-bus.ts';
import { AllowlistUnreadable } from './allowlist.errors.ts';
import { AllowlistRepository } from './allowlist.repository.ts';

/** Entries were added, changed or removed. */
export const allowlistChanged = defineEvent<undefined>('allowlist-changed');

/** What must never be banned, for whoever is about to ban. */
@Injectable()
export class Allowlist {
  /** What jails may ignore because of us. */
  private expected: ReadonlySet<string> = new Set();

  constructor(
    private readonly repository: AllowlistRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Every entry in force, read from the database now; expired ones do not count. It never answers with less than there
   * is: whoever bans must let the failure stop it.
   * @throws {AllowlistUnreadable}
   */
  async inForce(): Promise<Network[]> {
    return (await this.read()).map(({ network }) => network);
  }

  /**
   * The entries in force that jails shall ignore too.
   * @throws {AllowlistUnreadable}
   */
  async pushedInForce(): Promise<Network[]> {
    return (await this.read()).filter(({ isPushed }) => isPushed).map(({ network }) => network);
  }

  /** Tells what jails may ignore from now on because of the allowlist. Only who brings it to them calls it. */
  expectInJails(addresses: ReadonlySet<string>): void {
    this.expected = addresses;
  }

  /** Whether a jail that ignores this does so because of the allowlist. */
  isExpectedInJails(address: string): boolean {
    return this.expected.has(address);
  }

  private async read(): Promise<{ network: Network; isPushed: boolean }[]> {
    try {
      const rows = await this.repository.inForce(this.clock.now());
      return rows.map(({ address, isPushedToFail2ban }) => {
        const network = Network.parse(address);
        // Leaving it out would let something be banned that somebody wanted safe.
        if (!network) throw new Error(`The allowlist holds ${JSON.stringify(address)}, which is no network.`);
        return { network, isPushed: isPushedToFail2ban };
      });
    } catch (error) {
      throw new AllowlistUnreadable(error);
    }
  }
}
