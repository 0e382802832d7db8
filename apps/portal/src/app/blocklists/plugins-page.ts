import { Component, computed, effect, inject, signal } from '@angular/core';
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

/** How soon they are read again while they are being looked at, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

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
  private readonly isAsking = signal(false);
  protected readonly isLooking = computed(() => {
    const now = this.view();
    return this.isAsking() || (now.kind === 'ready' && now.value.isLooking);
  });
  protected readonly state = pluginStateWords;
  protected readonly meaning = pluginMeaning;
  protected readonly trust = trustWords;
  protected readonly confined = confinedWords;

  constructor() {
    effect((onCleanup) => {
      if (!this.isLooking() || this.isAsking() || this.resource.isLoading()) return;
      const timer = setTimeout(() => this.resource.reload(), LOOK_AGAIN_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  /** How often its publisher may be asked. */
  protected interval({ minIntervalMinutes }: Plugin): string {
    return minIntervalMinutes === null ? '–' : formatDuration(minIntervalMinutes * 60);
  }

  protected async rescan(): Promise<void> {
    this.isAsking.set(true);
    try {
      this.resource.set(await this.api.rescanPlugins());
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.isAsking.set(false);
    }
  }
}
