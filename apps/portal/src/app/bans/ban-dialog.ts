import { Component, computed, debounced, inject, resource, signal } from '@angular/core';
import { FormField, form, maxLength } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { type BanPreviewItem } from '../api/generated/models';
import { fieldText } from '../api/field-text';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { JailsState } from '../api/jails-state';
import { JailsApi } from '../jails/index';
import { Busy } from '../ui/busy';
import { formatAddresses, formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { type IconName } from '../ui/icons';
import { ProblemNote } from '../ui/problem-note';
import { splitAddresses } from './address-text';
import { type BanDone, type BanDraft } from './ban-draft';
import { BansApi } from './bans-api';

/** As many as the API takes at once. */
const MOST_ADDRESSES = 5000;
/** Lines of the preview that are drawn; those with a problem come first. */
const MOST_LINES = 60;
/** Characters, as the API allows. */
const LONGEST_REASON = 500;
const PREVIEW_AFTER_MS = 300;

/** Bans addresses: paste anything, choose the jail, see what will happen, do it. */
@Component({
  selector: 'bangui-ban-dialog',
  imports: [Busy, FormField, HostileText, Icon, MatDialogModule, ProblemNote],
  templateUrl: './ban-dialog.html',
  styleUrl: './ban-dialog.css',
})
export class BanDialog {
  private readonly api = inject(BansApi);
  private readonly dialog = inject<MatDialogRef<BanDialog, BanDone>>(MatDialogRef);
  private readonly draft = inject<BanDraft>(MAT_DIALOG_DATA);
  protected readonly jails = inject(JailsState);

  private readonly model = signal({
    text: this.draft.text,
    jail: this.draft.jail ?? this.firstJail(),
    reason: '',
  });
  protected readonly fields = form(this.model, (path) => {
    maxLength(path.reason, LONGEST_REASON);
  });
  protected readonly isSending = signal(false);
  protected readonly problem = signal<Problem | null>(null);

  private readonly addresses = computed(() => splitAddresses(this.model().text).map((entry) => entry.slice(0, 256)));
  protected readonly isTooMany = computed(() => this.addresses().length > MOST_ADDRESSES);
  private readonly asked = computed(() => ({ jail: this.model().jail, addresses: this.addresses() }), {
    equal: (a, b) => a.jail === b.jail && a.addresses.join() === b.addresses.join(),
  });
  private readonly settled = debounced(this.asked, PREVIEW_AFTER_MS);
  private readonly preview = resource({
    params: () => {
      const asked = this.settled.hasValue() ? this.settled.value() : undefined;
      return asked && asked.jail !== '' && asked.addresses.length > 0 && !this.isTooMany() ? asked : undefined;
    },
    loader: ({ params }) => this.api.preview(params.jail, params.addresses),
  });
  private readonly detail = inject(JailsApi).detail(() => this.model().jail);

  protected readonly duration = computed(() => {
    if (!this.detail.hasValue()) return null;
    const bantime = Number(this.detail.value().parameters.find((parameter) => parameter.name === 'bantime')?.actual);
    return Number.isFinite(bantime) ? formatDuration(bantime) : null;
  });
  protected readonly previewProblem = computed(() => {
    const error = this.preview.error();
    return error ? problemText(problemOf(error)) : null;
  });
  private readonly items = computed<readonly BanPreviewItem[]>(() =>
    this.preview.hasValue() && this.addresses().length > 0 ? this.preview.value().items : [],
  );
  protected readonly lines = computed(() => [...this.items()].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_LINES));
  protected readonly hidden = computed(() => this.items().length - this.lines().length);
  protected readonly willBan = computed(() =>
    this.items().flatMap((item) => (item.outcome === 'will-ban' && item.address !== null ? [item.address] : [])),
  );
  protected readonly isCurrent = computed(
    () => !this.preview.isLoading() && this.settled.hasValue() && this.settled.value() === this.asked(),
  );
  protected readonly canSend = computed(() => this.isCurrent() && this.willBan().length > 0 && !this.isSending());
  protected readonly sendLabel = computed(() =>
    this.willBan().length === 0 ? $localize`Ban` : $localize`Ban ${formatAddresses(this.willBan().length)}:addresses:`,
  );
  protected readonly summary = computed(() => {
    const counts = [
      [$localize`will be banned`, this.willBan().length],
      [$localize`banned already`, this.countOf('already-banned')],
      [$localize`refused`, this.countOf('guarded')],
      [$localize`no address`, this.countOf('invalid')],
    ] as const;
    return counts.flatMap(([word, count]) => (count > 0 ? [`${formatNumber(count)} ${word}`] : [])).join(' · ');
  });
  protected readonly problemSentence = computed(() => {
    const problem = this.problem();
    return problem ? problemText(problem) : null;
  });

  protected iconOf(item: BanPreviewItem): IconName {
    const icons = { 'will-ban': 'ban', 'already-banned': 'check', guarded: 'allow', invalid: 'warning' } as const;
    return icons[item.outcome];
  }

  protected meaningOf(item: BanPreviewItem): string {
    return item.outcome === 'guarded' ? 'danger' : item.outcome === 'invalid' ? 'watch' : '';
  }

  protected wordsOf(item: BanPreviewItem): string {
    switch (item.outcome) {
      case 'will-ban':
        return $localize`will be banned`;
      case 'already-banned':
        return $localize`banned already`;
      case 'guarded':
        return guardWords(item);
      case 'invalid':
        return $localize`no address or network`;
    }
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canSend()) return;
    const { jail, reason } = this.model();
    this.isSending.set(true);
    this.problem.set(null);
    try {
      const operation = await this.api.ban(jail, this.willBan(), reason.trim());
      this.dialog.close({ jail, operation });
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.isSending.set(false);
    }
  }

  private countOf(outcome: BanPreviewItem['outcome']): number {
    return this.items().filter((item) => item.outcome === outcome).length;
  }

  private firstJail(): string {
    const running = this.jails.running();
    return (running.find((jail) => jail.name === 'sshd') ?? running[0])?.name ?? '';
  }
}

function rank(item: BanPreviewItem): number {
  return ['guarded', 'invalid', 'will-ban', 'already-banned'].indexOf(item.outcome);
}

/** Why an address must not be banned. */
function guardWords({ reasonCode, reason }: BanPreviewItem): string {
  const why = fieldText({ code: reasonCode ?? '', message: reason ?? '', limits: [] });
  return $localize`refused: ${why}:why:`;
}
