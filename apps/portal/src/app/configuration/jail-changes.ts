import { inject, Service } from '@angular/core';
import { type ConfiguredJailDetail } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Toasts } from '../ui/toasts';
import { ApplyChange } from './apply-change';
import { type ChangeOutcome } from './change-outcome';
import { ConfigurationApi } from './configuration-api';

/** Changes of a whole jail, each through the same dialog. */
@Service()
export class JailChanges {
  private readonly api = inject(ConfigurationApi);
  private readonly apply = inject(ApplyChange);
  private readonly toasts = inject(Toasts);

  /** Has fail2ban run the jail, or not. */
  async setEnabled(name: string, isEnabled: boolean): Promise<void> {
    let jail: ConfiguredJailDetail;
    try {
      jail = await this.api.readJail(name);
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return;
    }
    const set = [{ option: 'enabled', value: String(isEnabled) }];
    const edits = { jails: [{ jail: name, set, unset: [], etag: jail.file.etag }], files: [] };
    await this.apply.review(edits, isEnabled ? $localize`Enable ${name}:jail:` : $localize`Disable ${name}:jail:`);
  }

  /** Removes a jail that only BanGUI's file makes, with that file. */
  remove({ name, file }: ConfiguredJailDetail): Promise<ChangeOutcome | undefined> {
    const edits = { jails: [], files: [{ path: file.path, text: null, etag: file.etag }] };
    return this.apply.review(edits, $localize`Remove ${name}:jail:`);
  }
}
