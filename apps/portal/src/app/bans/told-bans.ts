import { type Ban } from '../api/generated/models';

/** How long an answer may be behind the events, milliseconds: it may have been on its way when they came. */
const BEHIND_MS = 10_000;

/** The end of a ban. */
export interface EndedBan {
  readonly jail: string;
  readonly address: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

type Told = { readonly begun: Ban } | { readonly ended: EndedBan };

/** What events told of bans lately, so that a list that was read in the meantime, and does not have it yet, does not undo it. */
export class ToldBans {
  private readonly told = new Map<string, { readonly what: Told; readonly until: number }>();

  /** `now` is in milliseconds and never goes back. */
  constructor(private readonly now: () => number) {}

  begin(ban: Ban): void {
    this.keep(ban, { begun: ban });
  }

  end(ban: EndedBan): void {
    this.keep(ban, { ended: ban });
  }

  /** The lists of this jail, or all of them, changed in ways that were not told one by one: they are to be believed. */
  forget(jail?: string): void {
    for (const [key, { what }] of this.told) {
      const { jail: its } = 'begun' in what ? what.begun : what.ended;
      if (jail === undefined || its === jail) this.told.delete(key);
    }
  }

  /** The latest that was told of each ban, oldest first. */
  lately(): readonly Told[] {
    this.drop();
    return [...this.told.values()].map(({ what }) => what);
  }

  private keep({ jail, address }: { readonly jail: string; readonly address: string }, what: Told): void {
    this.drop();
    const key = `${jail} ${address}`;
    this.told.delete(key);
    this.told.set(key, { what, until: this.now() + BEHIND_MS });
  }

  private drop(): void {
    const now = this.now();
    for (const [key, { until }] of this.told) {
      if (until > now) return;
      this.told.delete(key);
    }
  }
}
