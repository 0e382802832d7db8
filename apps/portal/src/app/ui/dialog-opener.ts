import { inject, Injector, Service, type Type } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Toasts } from './toasts';

/** How a dialog is opened. */
export interface DialogOptions<D> {
  /** Gives the dialog's component; it is fetched when first needed. */
  readonly load: () => Promise<Type<unknown>>;
  /** A CSS length; on a narrow page the dialog is as wide as the page allows. */
  readonly width: string;
  /** Distance from the top as a CSS length; the middle of the page without it. */
  readonly top?: string;
  /** For a dialog without a title of its own. */
  readonly label?: string;
  readonly data?: D;
}

/** Opens dialogs. Material's dialog itself is fetched with the first one, to keep the first page small. */
@Service()
export class DialogOpener {
  private readonly injector = inject(Injector);
  private readonly toasts = inject(Toasts);

  /** Opens it and gives what it closes with; undefined when it was dismissed. */
  async open<D, R>(options: DialogOptions<D>): Promise<R | undefined> {
    const parts = await this.fetchParts(options.load);
    if (!parts) return undefined;
    const [{ MatDialog, MatDialogConfig }, component] = parts;
    const config = new MatDialogConfig<D>();
    config.width = options.width;
    config.maxWidth = 'calc(100vw - 24px)';
    config.autoFocus = 'first-tabbable';
    // At once, not when the dialog has come up: who types meanwhile would have the focus taken away, and go on in another field.
    config.delayFocusTrap = false;
    config.restoreFocus = true;
    if (options.top !== undefined) config.position = { top: options.top };
    if (options.label !== undefined) config.ariaLabel = options.label;
    if (options.data !== undefined) config.data = options.data;
    return firstValueFrom(this.injector.get(MatDialog).open<unknown, D, R>(component, config).afterClosed());
  }

  private async fetchParts(load: () => Promise<Type<unknown>>) {
    // BanGUI is away, or was updated since the page was opened: the page stays, and says so.
    try {
      return await Promise.all([import('@angular/material/dialog'), load()]);
    } catch {
      this.toasts.show($localize`This part of the page could not be fetched. BanGUI may be away, or was updated.`, {
        meaning: 'danger',
        action: { label: $localize`Load the new page`, run: () => location.reload() },
      });
      return undefined;
    }
  }
}
