import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { type AddedAllowlistEntries, type AllowlistEntry } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { ServerState } from '../api/server-state';
import { splitAddresses } from '../bans/index';
import { Busy } from '../ui/busy';
import { fieldOfMoment, momentOfField } from '../ui/date-field';
import { formatAddresses } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { ProblemNote } from '../ui/problem-note';
import { AllowlistApi } from './allowlist-api';
import { type EntryDraft } from './entry-draft';
import { ignoreWords } from './ignore-words';
import { isThisMachine } from './own-address';

/** Lines that the API takes at once. */
const MOST_ADDRESSES = 100;
/** Characters, as the API allows. */
const LONGEST_NOTE = 500;

/** Puts addresses on the allowlist, or changes an entry of it. */
@Component({
  selector: 'bangui-entry-dialog',
  imports: [Busy, FormField, HostileText, MatDialogModule, ProblemNote],
  templateUrl: './entry-dialog.html',
})
export class EntryDialog {
  private readonly api = inject(AllowlistApi);
  private readonly dialog = inject<MatDialogRef<EntryDialog, AddedAllowlistEntries | AllowlistEntry>>(MatDialogRef);
  private readonly server = inject(ServerState);
  protected readonly draft = inject<EntryDraft>(MAT_DIALOG_DATA);

  protected readonly model = signal({
    text: this.draft.text,
    note: this.draft.entry?.note ?? '',
    expires: fieldOfMoment(this.draft.entry?.expiresAt ?? null),
    isPushed: this.draft.entry?.isPushedToFail2ban ?? false,
  });
  protected readonly fields = form(this.model, (path) => {
    maxLength(path.note, LONGEST_NOTE);
  });
  protected readonly isSending = signal(false);
  protected readonly problem = signal<string | null>(null);

  private readonly addresses = computed(() => splitAddresses(this.model().text).map((entry) => entry.slice(0, 256)));
  protected readonly isTooMany = computed(() => this.addresses().length > MOST_ADDRESSES);
  protected readonly canSend = computed(() => this.addresses().length > 0 && !this.isTooMany() && !this.isSending());
  protected readonly sendLabel = computed(() => {
    if (this.draft.entry) return $localize`Save`;
    const count = this.addresses().length;
    return count === 0 ? $localize`Add` : $localize`Add ${formatAddresses(count)}:addresses:`;
  });
  /** The address of the person, unless it is typed already or this machine's. */
  protected readonly own = computed(() => {
    const address = this.server.status()?.requester.address;
    return address === undefined || isThisMachine(address) || this.addresses().includes(address) ? null : address;
  });

  protected readonly words = ignoreWords;

  protected addOwn(address: string): void {
    this.model.update((model) => ({ ...model, text: [model.text.trim(), address].filter(Boolean).join('\n') }));
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canSend()) return;
    const { note, expires, isPushed } = this.model();
    const kept = { note: note.trim(), expiresAt: momentOfField(expires), isPushedToFail2ban: isPushed };
    this.isSending.set(true);
    this.problem.set(null);
    try {
      const { entry } = this.draft;
      this.dialog.close(
        entry
          ? await this.api.change(entry.id, kept)
          : await this.api.add({ addresses: [...this.addresses()], ...kept }),
      );
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.isSending.set(false);
    }
  }
}
