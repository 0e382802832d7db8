import { Component, computed, inject, input, output, signal } from '@angular/core';
import { type JailDetail } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { ServerState } from '../api/server-state';
import { Busy } from '../ui/busy';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Toasts } from '../ui/toasts';
import { JailsApi } from './jails-api';

/** Who is never banned by this jail. Changes are those of the running jail and last until its next reload. */
@Component({
  selector: 'bangui-jail-ignored',
  imports: [Busy, HostileText, Icon],
  templateUrl: './jail-ignored.html',
  styles: `
    .add {
      display: flex;
      gap: 8px;
      padding: 0 14px 12px;
      align-items: flex-start;
    }
    .add .field {
      flex: 1;
      max-width: 420px;
    }
    .menu {
      width: 100px;
    }
  `,
})
export class JailIgnored {
  private readonly api = inject(JailsApi);
  private readonly server = inject(ServerState);
  private readonly toasts = inject(Toasts);
  readonly jail = input.required<JailDetail>();
  /** The running jail was changed; read it again. */
  readonly changed = output();

  protected readonly text = signal('');
  protected readonly problem = signal<string | null>(null);
  protected readonly busyWith = signal<string | null>(null);
  /** The address of the person, when this jail could still ban it. */
  protected readonly own = computed(() => {
    const address = this.server.status()?.requester.address;
    return address === undefined || this.jail().ignoreList.includes(address) ? null : address;
  });

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    const address = this.text().trim();
    if (address === '') return;
    await this.change(address, async () => {
      await this.api.ignore(this.jail().name, address);
      this.text.set('');
      this.toasts.show($localize`${address}:address: is never banned here, until the next reload.`);
    });
  }

  protected async remove(address: string): Promise<void> {
    await this.change(address, async () => {
      await this.api.stopIgnoring(this.jail().name, address);
      this.toasts.show($localize`${address}:address: can be banned again, until the next reload.`, {
        action: { label: $localize`Undo`, run: () => void this.putBack(address) },
      });
    });
  }

  private async putBack(address: string): Promise<void> {
    await this.change(address, async () => {
      await this.api.ignore(this.jail().name, address);
    });
  }

  private async change(address: string, work: () => Promise<void>): Promise<void> {
    if (this.busyWith() !== null) return;
    this.busyWith.set(address);
    this.problem.set(null);
    try {
      await work();
      this.changed.emit();
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.busyWith.set(null);
    }
  }
}
