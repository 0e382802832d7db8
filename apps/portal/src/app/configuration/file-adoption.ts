import { inject, Service } from '@angular/core';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Confirm } from '../ui/confirm';
import { Toasts } from '../ui/toasts';
import { ConfigurationApi } from './configuration-api';

/** Hands a person's file over to BanGUI. */
@Service()
export class FileAdoption {
  private readonly api = inject(ConfigurationApi);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);

  /** Asks first. Resolves to true when BanGUI may change the file from now on. */
  async adopt(path: string): Promise<boolean> {
    const agreed = await this.confirm.ask({
      title: $localize`Hand ${path}:file: over to BanGUI?`,
      text: $localize`Its text stays as it is, and a copy is kept beside it under a name that fail2ban does not read. From then on BanGUI can change it here, and going back to an earlier version can write it.`,
      action: $localize`Hand over`,
    });
    if (!agreed) return false;
    try {
      const { etag } = await this.api.readFile(path);
      await this.api.adopt({ path, etag: etag ?? '', comment: '' });
      this.toasts.show($localize`${path}:file: is BanGUI's now. A copy was kept.`);
      return true;
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return false;
    }
  }
}
