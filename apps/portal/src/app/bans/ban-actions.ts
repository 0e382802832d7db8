import { inject, Service } from '@angular/core';
import { type Ban, type Operation } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Confirm } from '../ui/confirm';
import { formatAddresses, formatNumber } from '../ui/format';
import { DialogOpener } from '../ui/dialog-opener';
import { Toasts } from '../ui/toasts';
import { BansApi } from './bans-api';
import { type BanDone, type BanDraft } from './ban-draft';

/** One ban among others. */
export type BanKey = Pick<Ban, 'jail' | 'address'>;

/** From this many on a person types before they are unbanned. */
const TYPE_ABOVE = 100;
/** Most addresses in one request, as the API allows. */
const MOST_PER_REQUEST = 5000;

/** Banning and unbanning, wherever it is started: asks, does it, says what fail2ban answered, offers to undo it. */
@Service()
export class BanActions {
  private readonly api = inject(BansApi);
  private readonly confirm = inject(Confirm);
  private readonly dialogs = inject(DialogOpener);
  private readonly toasts = inject(Toasts);

  /** Opens the ban dialog, filled with what is known already. */
  async openDialog(draft: Partial<BanDraft> = {}): Promise<void> {
    const done = await this.dialogs.open<BanDraft, BanDone>({
      load: async () => (await import('./ban-dialog')).BanDialog,
      width: '560px',
      data: { text: draft.text ?? '', jail: draft.jail },
    });
    if (done) this.reportBan(done.jail, done.operation);
  }

  /** Says what a ban brought, and offers to take back what is new. */
  private reportBan(jail: string, operation: Operation): void {
    const banned = addressesOf(operation);
    const count = numberOf(operation, 'banned') ?? banned.length;
    const already = numberOf(operation, 'alreadyBanned') ?? 0;
    const text = $localize`${formatAddresses(count)}:addresses: banned in ${jail}:jail:`;
    const rest = already > 0 ? ` ${$localize`(${formatNumber(already)}:count: were already)`}` : '';
    this.toasts.show(text + rest, {
      action:
        banned.length > 0
          ? { label: $localize`Undo`, run: () => void this.lift(banned.map((address) => ({ jail, address }))) }
          : null,
    });
  }

  /** Asks and unbans these. True when it was done. */
  async unban(bans: readonly BanKey[]): Promise<boolean> {
    const jails = new Set(bans.map((ban) => ban.jail));
    const [jail = ''] = jails;
    const what = bans.length === 1 ? (bans[0]?.address ?? '') : formatAddresses(bans.length);
    const agreed = await this.confirm.ask({
      title:
        jails.size === 1
          ? $localize`Unban ${what}:addresses: from ${jail}:jail:?`
          : $localize`Unban ${what}:addresses: from ${formatNumber(jails.size)}:count: jails?`,
      text: $localize`They can connect again at once. fail2ban bans them anew when they fail again.`,
      action: bans.length === 1 ? $localize`Unban` : $localize`Unban ${formatNumber(bans.length)}:count:`,
      ...(bans.length > TYPE_ABOVE ? { typed: String(bans.length) } : {}),
    });
    return agreed && (await this.lift(bans));
  }

  /** Asks whether to lift bans of addresses that shall never be banned from now on. `count` is what there is in all. */
  async offerUnban(bans: readonly BanKey[], count: number): Promise<void> {
    const [first] = bans;
    const agreed = await this.confirm.ask({
      title: $localize`Unban what is banned of it?`,
      text:
        count === 1 && first
          ? $localize`${first.address}:address: is banned in ${first.jail}:jail: now. The allowlist does not lift it.`
          : $localize`${formatNumber(count)}:count: bans of these addresses are in force now. The allowlist does not lift them.`,
      action: $localize`Unban`,
    });
    if (agreed) await this.lift(bans);
  }

  /** Asks and unbans these addresses in whatever jail they are. */
  async unbanEverywhere(addresses: readonly string[]): Promise<void> {
    const what = addresses.length === 1 ? (addresses[0] ?? '') : formatAddresses(addresses.length);
    const agreed = await this.confirm.ask({
      title: $localize`Unban ${what}:addresses: everywhere?`,
      text: $localize`The bans are lifted in every jail that has them.`,
      action: $localize`Unban`,
    });
    if (!agreed) return;
    await this.report(async () => {
      const operation = await this.api.unban(addresses, undefined);
      const count = numberOf(operation, 'unbanned') ?? 0;
      this.toasts.show(
        count === 0 ? $localize`Nothing was banned of this.` : $localize`${formatAddresses(count)}:addresses: unbanned`,
        { meaning: count === 0 ? 'info' : 'ok' },
      );
    });
  }

  /** Asks and lifts every ban of a jail, or of all. `count` is what is banned now. */
  async unbanAll(jail: string | undefined, count: number): Promise<void> {
    const agreed = await this.confirm.ask({
      title:
        jail === undefined
          ? $localize`Unban all ${formatAddresses(count)}:addresses: from every jail?`
          : $localize`Unban all ${formatAddresses(count)}:addresses: from ${jail}:jail:?`,
      text: $localize`This cannot be undone here. fail2ban bans them anew when they fail again.`,
      action: $localize`Unban all`,
      ...(count > TYPE_ABOVE ? { typed: String(count) } : {}),
    });
    if (!agreed) return;
    await this.report(async () => {
      const operation = await this.api.unbanAll(jail);
      const lifted = numberOf(operation, 'unbanned') ?? count;
      this.toasts.show($localize`${formatAddresses(lifted)}:addresses: unbanned`);
    });
  }

  private async lift(bans: readonly BanKey[]): Promise<boolean> {
    return this.report(async () => {
      let lifted = 0;
      for (const [jail, addresses] of byJail(bans)) {
        for (const part of parts(addresses)) {
          lifted += numberOf(await this.api.unban(part, jail), 'unbanned') ?? part.length;
        }
      }
      this.toasts.show($localize`${formatAddresses(lifted)}:addresses: unbanned`, {
        action: { label: $localize`Undo`, run: () => void this.banAgain(bans) },
      });
    });
  }

  private async banAgain(bans: readonly BanKey[]): Promise<void> {
    await this.report(async () => {
      let banned = 0;
      for (const [jail, addresses] of byJail(bans)) {
        for (const part of parts(addresses)) {
          banned += numberOf(await this.api.ban(jail, part, ''), 'banned') ?? part.length;
        }
      }
      this.toasts.show($localize`${formatAddresses(banned)}:addresses: banned again`);
    });
  }

  /** Runs it and says in words when it fails. */
  private async report(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return false;
    }
  }
}

function byJail(bans: readonly BanKey[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { jail, address } of bans) {
    const group = groups.get(jail);
    if (group) group.push(address);
    else groups.set(jail, [address]);
  }
  return groups;
}

function parts(addresses: readonly string[]): readonly (readonly string[])[] {
  const result: (readonly string[])[] = [];
  for (let from = 0; from < addresses.length; from += MOST_PER_REQUEST) {
    result.push(addresses.slice(from, from + MOST_PER_REQUEST));
  }
  return result;
}

function numberOf(operation: Operation, name: string): number | undefined {
  const value: unknown = operation.outcome?.[name];
  return typeof value === 'number' ? value : undefined;
}

function addressesOf(operation: Operation): readonly string[] {
  const value: unknown = operation.outcome?.['addresses'];
  return Array.isArray(value) ? value.filter((item: unknown) => typeof item === 'string') : [];
}
