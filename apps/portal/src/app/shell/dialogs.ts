import { inject, Service } from '@angular/core';
import { DialogOpener } from '../ui/dialog-opener';

/** Opens what floats above every page. */
@Service()
export class Dialogs {
  private readonly dialogs = inject(DialogOpener);
  private isPaletteOpen = false;

  /** True while any dialog or menu is open: the page's keys rest then. */
  isOpen(): boolean {
    return (
      document.querySelector('.cdk-overlay-container [role="dialog"], .cdk-overlay-container [role="menu"]') !== null
    );
  }

  async openPalette(): Promise<void> {
    if (this.isPaletteOpen) return;
    this.isPaletteOpen = true;
    try {
      const chosen = await this.dialogs.open<undefined, () => void>({
        load: async () => (await import('./palette')).Palette,
        width: '600px',
        top: '12vh',
        label: $localize`Command palette`,
      });
      // Only now has the page the focus back, so that the command's own dialog can take it.
      chosen?.();
    } finally {
      this.isPaletteOpen = false;
    }
  }

  async openKeys(): Promise<void> {
    await this.dialogs.open({ load: async () => (await import('./keys-help')).KeysHelp, width: '420px' });
  }
}
