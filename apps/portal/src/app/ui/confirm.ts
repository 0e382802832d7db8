import { inject, Service } from '@angular/core';
import { type Question } from './confirm-dialog';
import { DialogOpener } from './dialog-opener';

/** Asks before something is lost. */
@Service()
export class Confirm {
  private readonly dialogs = inject(DialogOpener);

  /** True when the person agreed. */
  async ask(question: Question): Promise<boolean> {
    const agreed = await this.dialogs.open<Question, boolean>({
      load: async () => (await import('./confirm-dialog')).ConfirmDialog,
      width: '440px',
      data: question,
    });
    return agreed === true;
  }
}
