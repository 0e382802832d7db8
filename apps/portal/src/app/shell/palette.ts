import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatDialogRef } from '@angular/material/dialog';
import { Icon } from '../ui/icon';
import { JailName } from '../ui/jail-name';
import { type PaletteCommand, PaletteCommands } from './palette-commands';

/** The command palette: one field, a list below, everything by keyboard (a combobox with a listbox). */
@Component({
  selector: 'bangui-palette',
  imports: [Icon, JailName],
  templateUrl: './palette.html',
  styleUrl: './palette.css',
})
export class Palette {
  private readonly commands = inject(PaletteCommands);
  private readonly dialog = inject<MatDialogRef<Palette, () => void>>(MatDialogRef);

  protected readonly text = signal('');
  protected readonly found = computed(() => this.commands.find(this.text()));
  protected readonly chosen = linkedSignal({ source: this.text, computation: () => 0 });

  protected press(event: KeyboardEvent): void {
    const count = this.found().length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (count === 0) return;
      const step = event.key === 'ArrowDown' ? 1 : count - 1;
      this.chosen.update((index) => (index + step) % count);
      document.getElementById(`palette-${String(this.chosen())}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const command = this.found()[this.chosen()];
      if (command) this.run(command);
    }
  }

  protected run(command: PaletteCommand): void {
    this.dialog.close(command.run);
  }

  protected startsGroup(index: number): boolean {
    return this.found()[index]?.group !== this.found()[index - 1]?.group;
  }
}
