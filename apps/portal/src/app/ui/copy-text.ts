import { inject, Service } from '@angular/core';
import { Toasts } from './toasts';

/** Puts text where it can be pasted, and says so. */
@Service()
export class CopyText {
  private readonly toasts = inject(Toasts);

  async copy(text: string, said: string): Promise<void> {
    // Away from https and this computer the browser has no clipboard for pages, whatever the types say.
    try {
      const clipboard = navigator.clipboard as Clipboard | undefined;
      if (clipboard) await clipboard.writeText(text);
      else copyBySelection(text);
      this.toasts.show(said);
    } catch {
      this.toasts.show($localize`The browser did not allow copying.`, { meaning: 'watch' });
    }
  }
}

/** The way of old, for pages served over plain http. */
function copyBySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else works without a secure context
  const isCopied = document.execCommand('copy');
  field.remove();
  if (!isCopied) throw new Error('refused');
}
