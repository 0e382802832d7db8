import { inject, Service } from '@angular/core';
import { type ChangeReason, type ConfigurationEdits } from '../api/generated/models';
import { DialogOpener } from '../ui/dialog-opener';
import { Toasts } from '../ui/toasts';
import { type ChangeOutcome } from './change-outcome';
import { ConfigurationApi } from './configuration-api';
import { editsText } from './edits-text';
import { type ReviewRequest, type ReviewResult } from './review-request';

/** What the page that asks for a change can do. */
export interface ReviewOptions {
  /** Throws away what was typed and reads the present state: somebody else has changed it. */
  readonly loadAnew?: () => void;
}

/**
 * The one way to change fail2ban's configuration: checks, shows the difference, asks for a comment and where needed for the
 * password, applies, and shows what fail2ban has then.
 */
@Service()
export class ApplyChange {
  private readonly api = inject(ConfigurationApi);
  private readonly dialogs = inject(DialogOpener);
  private readonly toasts = inject(Toasts);

  /** Gives what came of it; undefined when nothing was changed. */
  review(edits: ConfigurationEdits, title: string, options: ReviewOptions = {}): Promise<ChangeOutcome | undefined> {
    const request = {
      title,
      check: () => this.api.check(edits),
      apply: (reason: ChangeReason) => this.api.apply({ ...edits, ...reason }),
      typed: editsText(edits),
    };
    return this.open(request, options);
  }

  /** Goes back to a version, 0 being the state before the first, through the same dialog. */
  reviewRestore(number: number): Promise<ChangeOutcome | undefined> {
    const title =
      number === 0
        ? $localize`Go back to before the first version`
        : $localize`Go back to version ${String(number)}:number:`;
    const request = {
      title,
      check: () => this.api.checkRestore(number),
      apply: (reason: ChangeReason) => this.api.restore(number, reason),
      typed: '',
    };
    return this.open(request, {});
  }

  private async open(
    request: Omit<ReviewRequest, 'canLoadAnew'>,
    { loadAnew }: ReviewOptions,
  ): Promise<ChangeOutcome | undefined> {
    const result = await this.dialogs.open<ReviewRequest, ReviewResult>({
      load: async () => (await import('./review-dialog')).ReviewDialog,
      width: '860px',
      data: { ...request, canLoadAnew: loadAnew !== undefined },
    });
    if (result === undefined) return undefined;
    if (result === 'load-anew') {
      loadAnew?.();
      return undefined;
    }
    this.offerUndo(result.outcome);
    return result.outcome;
  }

  private offerUndo({ version }: ChangeOutcome): void {
    if (version === null) return;
    this.toasts.show($localize`Saved as version ${String(version)}:number:.`, {
      action: { label: $localize`Undo`, run: () => void this.reviewRestore(version - 1) },
    });
  }
}
