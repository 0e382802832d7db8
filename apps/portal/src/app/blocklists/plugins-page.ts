import { Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Plugin } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { formatDuration } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { BlocklistsApi } from './blocklists-api';
import { confinedWords, pluginMeaning, pluginStateWords, trustWords } from './plugin-words';

/** Where lists can come from: the sources that come with BanGUI and those that an administrator added, with what is wrong with them. */
@Component({
  selector: 'bangui-plugins-page',
  imports: [Failed, HostileText, RouterLink, Skeleton],
  templateUrl: './plugins-page.html',
  styleUrl: './plugins-page.css',
})
export class PluginsPage {
  private readonly api = inject(BlocklistsApi);
  private readonly toasts = inject(Toasts);
  protected readonly resource = this.api.plugins();
  protected readonly view = viewOf(this.resource);
  protected readonly isLooking = signal(false);
  protected readonly state = pluginStateWords;
  protected readonly meaning = pluginMeaning;
  protected readonly trust = trustWords;
  protected readonly confined = confinedWords;

  /** How often its publisher may be asked. */
  protected interval({ minIntervalMinutes }: Plugin): string {
    return minIntervalMinutes === null ? '–' : formatDuration(minIntervalMinutes * 60);
  }

  protected async rescan(): Promise<void> {
    this.isLooking.set(true);
    try {
      this.resource.set(await this.api.rescanPlugins());
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isLooking.set(false);
    }
  }
}
