import { Component, DOCUMENT, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { EnforcementState } from '../api/enforcement-state';
import { type EnforcementStatus, type EnforcerStatus } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { Clock } from '../ui/clock';
import { Confirm } from '../ui/confirm';
import { Failed } from '../ui/failed';
import { formatBytes, formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { EnforcementApi } from './enforcement-api';
import { startCommand } from './start-command';
import { backendWords, concernMeaning, concernWords, standingMeaning, standingWords } from './enforcement-words';

/** What is to be blocked, who blocks it, and whether it is what is wanted. */
@Component({
  selector: 'bangui-enforcement-page',
  imports: [Busy, Failed, HostileText, Icon, Moment, RouterLink, Skeleton],
  templateUrl: './enforcement-page.html',
  styleUrl: './enforcement-page.css',
})
export class EnforcementPage {
  private readonly api = inject(EnforcementApi);
  private readonly clock = inject(Clock);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  protected readonly state = inject(EnforcementState);

  protected readonly isSending = signal(false);
  protected readonly start = startCommand(inject(DOCUMENT).location);
  protected readonly number = formatNumber;
  protected readonly bytes = formatBytes;
  protected readonly backend = backendWords;
  protected readonly standing = standingWords;
  protected readonly meaning = standingMeaning;
  protected readonly concern = concernWords;
  protected readonly concernMeaning = concernMeaning;

  constructor() {
    this.state.follow();
  }

  /** Time that is left to confirm a trial. */
  protected left(confirmBefore: number): string {
    return formatDuration(Math.max(0, (confirmBefore - this.clock.now()) / 1000));
  }

  protected drift({ repaired }: EnforcerStatus): string {
    return repaired ? repaired.kinds.join(', ') : '–';
  }

  protected keep({ id, name }: EnforcerStatus): Promise<void> {
    return this.send(() => this.api.confirm([id]), $localize`${name}:enforcer: keeps what it holds.`);
  }

  protected resync(): Promise<void> {
    return this.send(() => this.api.resync(), $localize`Everything is loaded anew with the next report.`);
  }

  protected async place(placement: EnforcementStatus['placement']): Promise<void> {
    const isRaw = placement === 'raw';
    const agreed = await this.confirm.ask({
      title: isRaw ? $localize`Drop before everything else?` : $localize`Let answers through?`,
      text: isRaw
        ? $localize`This costs the least, but also drops the replies to connections that this server itself opens to a listed address.`
        : $localize`Listed addresses can open no connection, but replies to connections of this server come in.`,
      action: $localize`Change`,
    });
    if (agreed)
      await this.send(() => this.api.place(placement), $localize`The enforcers follow with their next report.`);
  }

  private async send(work: () => Promise<EnforcementStatus>, said: string): Promise<void> {
    if (this.isSending()) return;
    this.isSending.set(true);
    try {
      this.state.take(await work());
      this.toasts.show(said);
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isSending.set(false);
    }
  }
}
