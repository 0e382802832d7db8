import { Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { filter, merge } from 'rxjs';
import { type ChangeCheck, type ChangeReason } from '../api/generated/models';
import { Live } from '../api/live/live';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { CopyText } from '../ui/copy-text';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { PasswordField } from '../ui/password-field';
import { ProblemNote } from '../ui/problem-note';
import { ChangeOutcomeView } from './change-outcome-view';
import { type ChangeOutcome, changeOutcomeOf } from './change-outcome';
import { ChangeProblems } from './change-problems';
import { type ReviewRequest, type ReviewResult } from './review-request';
import { FileDifference } from './file-difference';
import { type FoundProblem, problemsOfCheck, problemsOfRefusal } from './found-problem';

/** Characters, as the API allows. */
const LONGEST_COMMENT = 500;

/** What a change does, before it is made; then what came of it. */
@Component({
  selector: 'bangui-review-dialog',
  imports: [
    Busy,
    ChangeOutcomeView,
    ChangeProblems,
    FileDifference,
    HostileText,
    Icon,
    MatDialogModule,
    PasswordField,
    ProblemNote,
  ],
  templateUrl: './review-dialog.html',
  styleUrl: './review-dialog.css',
})
export class ReviewDialog {
  private readonly copyText = inject(CopyText);
  private readonly dialog = inject<MatDialogRef<ReviewDialog, ReviewResult>>(MatDialogRef);
  protected readonly request = inject<ReviewRequest>(MAT_DIALOG_DATA);
  protected readonly longestComment = LONGEST_COMMENT;

  protected readonly isChecking = signal(false);
  protected readonly isApplying = signal(false);
  /** Whether the change that is being made was found good and is now written and loaded. */
  protected readonly isLoading = signal(false);
  /** Null as long as it is not known. */
  protected readonly check = signal<ChangeCheck | null>(null);
  /** Why the change cannot be made as it is; it is not offered then. */
  protected readonly refused = signal<readonly FoundProblem[]>([]);
  /** What went wrong with the last request, other than what has its own place. */
  protected readonly problem = signal<Problem | null>(null);
  protected readonly isPasswordWrong = signal(false);
  protected readonly outcome = signal<ChangeOutcome | null>(null);
  protected readonly comment = signal('');
  protected readonly password = signal('');

  protected readonly isOutdated = computed(() => this.problem()?.code === 'configuration-outdated');
  protected readonly isNothing = computed(() => this.problem()?.code === 'nothing-to-change');
  protected readonly isUndone = computed(() => this.problem()?.code === 'change-undone');
  protected readonly problemWords = computed(() => {
    const problem = this.problem();
    return problem ? problemText(problem) : '';
  });
  protected readonly canApply = computed(() => {
    const check = this.check();
    if (!check || this.refused().length > 0 || this.isOutdated() || this.isUndone() || this.outcome()) return false;
    return !check.needsPassword || this.password() !== '';
  });
  /** The button is there as long as the change may still be made. */
  protected readonly isOffered = computed(
    () => this.refused().length === 0 && !this.isOutdated() && !this.isNothing() && !this.isUndone(),
  );
  /** Whether asking again may give another answer. */
  protected readonly canCheckAgain = computed(
    () => this.check() === null && this.problem() !== null && !this.isOutdated() && !this.isNothing(),
  );

  constructor() {
    // Closing it says what came of it, and it stays while the change is being made.
    this.dialog.disableClose = true;
    merge(this.dialog.backdropClick(), this.dialog.keydownEvents().pipe(filter(({ key }) => key === 'Escape')))
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.close());
    // One change is made at a time, so that it is this one.
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name !== 'operation' || event.data.kind !== 'configure') return;
        this.isLoading.set(event.data.status === 'running' && (event.data.progress?.done ?? 0) > 0);
      });
    void this.look();
  }

  protected async look(): Promise<void> {
    this.isChecking.set(true);
    this.problem.set(null);
    try {
      const check = await this.request.check();
      this.check.set(check);
      this.refused.set(problemsOfCheck(check.problems));
    } catch (error) {
      this.take(problemOf(error));
    } finally {
      this.isChecking.set(false);
    }
  }

  protected async apply(event: Event): Promise<void> {
    event.preventDefault();
    if (this.outcome()) {
      this.close();
      return;
    }
    if (!this.canApply() || this.isApplying()) return;
    this.isApplying.set(true);
    this.isLoading.set(false);
    this.problem.set(null);
    this.isPasswordWrong.set(false);
    const reason: ChangeReason = { comment: this.comment().trim() };
    if (this.check()?.needsPassword) reason.password = this.password();
    try {
      this.outcome.set(changeOutcomeOf(await this.request.apply(reason)));
    } catch (error) {
      this.take(problemOf(error));
    } finally {
      this.isApplying.set(false);
      this.password.set('');
    }
  }

  protected close(): void {
    if (this.isApplying()) return;
    const outcome = this.outcome();
    if (outcome) this.dialog.close({ outcome });
    else this.dialog.close();
  }

  protected loadAnew(): void {
    this.dialog.close('load-anew');
  }

  protected copyTyped(): void {
    void this.copyText.copy(this.request.typed, $localize`What you typed was copied.`);
  }

  private take(problem: Problem): void {
    if (problem.code === 'change-refused' && problem.errors.length > 0) {
      this.refused.set(problemsOfRefusal(problem.errors));
    } else if (problem.code === 'current-password-wrong') {
      this.isPasswordWrong.set(true);
    } else if (problem.code === 'password-needed') {
      // Somebody else's change in between made it a matter of the password.
      this.check.update((check) => check && { ...check, needsPassword: true });
    } else {
      this.problem.set(problem);
    }
  }
}
