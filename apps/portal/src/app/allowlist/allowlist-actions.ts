import { inject, Service } from '@angular/core';
import { type AddedAllowlistEntries, type AllowlistEntry } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { BanActions } from '../bans/index';
import { DialogOpener } from '../ui/dialog-opener';
import { formatAddresses } from '../ui/format';
import { Toasts } from '../ui/toasts';
import { AllowlistApi } from './allowlist-api';
import { type EntryDraft } from './entry-draft';

/** Adding to and removing from the allowlist, wherever it is started: does it, says what came of it, offers to undo it. */
@Service()
export class AllowlistActions {
  private readonly api = inject(AllowlistApi);
  private readonly bans = inject(BanActions);
  private readonly dialogs = inject(DialogOpener);
  private readonly toasts = inject(Toasts);

  /** Opens the dialog for new entries, filled with what is known already. True when something was added. */
  async add(text = ''): Promise<boolean> {
    const added = await this.open<AddedAllowlistEntries>({ text, entry: null });
    if (!added) return false;
    this.toasts.show($localize`${formatAddresses(added.items.length)}:addresses: will never be banned`);
    // A ban in force goes on: whoever allows an address most likely wants it lifted.
    if (added.stillBannedCount > 0) await this.bans.offerUnban(added.stillBanned, added.stillBannedCount);
    return true;
  }

  /** Opens the dialog for an entry. True when it was changed. */
  async edit(entry: AllowlistEntry): Promise<boolean> {
    const changed = await this.open<AllowlistEntry>({ text: entry.address, entry });
    if (changed) this.toasts.show($localize`${changed.address}:address: was changed`);
    return changed !== undefined;
  }

  /** Removes an entry, and offers to put it back; `done` is called after each of them. */
  async remove(entry: AllowlistEntry, done: () => void): Promise<void> {
    await this.report(async () => {
      await this.api.remove(entry.id);
      // An expired entry protected nobody, and could not be put back as it was.
      const action = entry.isExpired ? null : { label: $localize`Undo`, run: () => void this.putBack(entry, done) };
      this.toasts.show($localize`${entry.address}:address: can be banned again`, { action });
    });
    done();
  }

  private async putBack(entry: AllowlistEntry, done: () => void): Promise<void> {
    await this.report(async () => {
      const { address, note, expiresAt, isPushedToFail2ban } = entry;
      await this.api.add({ addresses: [address], note, expiresAt, isPushedToFail2ban });
      this.toasts.show($localize`${address}:address: is on the allowlist again`);
    });
    done();
  }

  private open<R>(draft: EntryDraft): Promise<R | undefined> {
    return this.dialogs.open<EntryDraft, R>({
      load: async () => (await import('./entry-dialog')).EntryDialog,
      width: '520px',
      data: draft,
    });
  }

  /** Runs it and says in words when it fails. */
  private async report(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    }
  }
}
