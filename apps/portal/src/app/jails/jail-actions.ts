import { inject, Service, signal } from '@angular/core';
import { type Operation } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Confirm } from '../ui/confirm';
import { Toasts } from '../ui/toasts';
import { type JailCommand, JailsApi } from './jails-api';
import { JailsState } from '../api/jails-state';

/** Starting, stopping, reloading, proving: does it and says what came of it. */
@Service()
export class JailActions {
  private readonly api = inject(JailsApi);
  private readonly confirm = inject(Confirm);
  private readonly jails = inject(JailsState);
  private readonly toasts = inject(Toasts);
  private readonly running = signal<ReadonlySet<string>>(new Set());

  /** True while something is done to this jail; '' stands for all of them. */
  isBusy(name: string): boolean {
    return this.running().has(name);
  }

  /** Does it and says what came of it. Stopping asks first. True when it was done. */
  async run(name: string, command: JailCommand): Promise<boolean> {
    if (command === 'stop' && !(await this.agreesToStop(name))) return false;
    return this.report(name, async () => {
      const operation = await this.api.command(name, command);
      this.toasts.show(this.words(name, command), { meaning: meaningOf(operation) });
    });
  }

  /** Reads the configuration anew for every jail. */
  async reloadAll(): Promise<boolean> {
    return this.report('', async () => {
      await this.api.reloadAll();
      this.toasts.show($localize`All jails were reloaded and proven.`);
    });
  }

  private async agreesToStop(name: string): Promise<boolean> {
    const count = this.jails.byName().get(name)?.currentlyBanned ?? 0;
    return this.confirm.ask({
      title: $localize`Stop ${name}:jail:?`,
      text:
        count === 0
          ? $localize`It no longer bans anybody until it is started again.`
          : $localize`It no longer bans anybody until it is started again, and what it bans now (${String(count)}:count:) is lifted.`,
      action: $localize`Stop jail`,
    });
  }

  private words(name: string, command: JailCommand): string {
    switch (command) {
      case 'start':
        return $localize`${name}:jail: was started.`;
      case 'stop':
        return $localize`${name}:jail: was stopped.`;
      case 'idle':
        return $localize`${name}:jail: is idle now.`;
      case 'reload':
        return $localize`${name}:jail: was reloaded and proven.`;
      case 'prove':
        return $localize`${name}:jail: was read back and compared.`;
    }
  }

  private async report(name: string, work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy(name)) return false;
    this.running.update((names) => new Set([...names, name]));
    try {
      await work();
      return true;
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return false;
    } finally {
      this.running.update((names) => new Set([...names].filter((other) => other !== name)));
      this.jails.reload();
    }
  }
}

function meaningOf(operation: Operation): 'ok' | 'watch' {
  return operation.outcome?.['armed'] === 'not-armed' ? 'watch' : 'ok';
}
