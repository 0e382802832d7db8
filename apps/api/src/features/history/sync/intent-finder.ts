import { type Network } from '@bangui/ip';
import { type DatedIntent } from '../../bans/index.ts';

/** Clocks and rounding: a line of the log may be this much outside of the time of its intent, in milliseconds. */
const slackMs = 1_500;

/** Who asked for something, and why. */
export interface Asker {
  readonly actor: string;
  readonly reason: string | null;
}

/** What happened. */
export interface Deed {
  readonly kind: 'ban' | 'unban';
  readonly jail: string;
  readonly address: Network;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How much later than it happened it may have been noticed, in milliseconds. */
  readonly noticedWithinMs?: number;
}

/** Finds who asked BanGUI for what happened. */
export class IntentFinder {
  constructor(private readonly intents: readonly DatedIntent[]) {}

  /** The latest intent that explains it; undefined when nobody asked BanGUI for it. */
  find(deed: Deed): Asker | undefined {
    const from = deed.at - slackMs - (deed.noticedWithinMs ?? 0);
    return this.intents.find(
      (intent) =>
        intent.kind === deed.kind &&
        (intent.jail === null || intent.jail === deed.jail) &&
        intent.from <= deed.at + slackMs &&
        intent.until >= from &&
        covers(intent, deed),
    );
  }
}

/** A ban is of exactly what was asked for; an unban lifts everything inside of it. */
function covers({ networks, kind }: DatedIntent, { address }: Deed): boolean {
  if (networks === null) return true;
  return networks.some((network) => (kind === 'ban' ? network.equals(address) : network.contains(address)));
}
