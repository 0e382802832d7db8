import { Component, computed, effect, inject, untracked } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { BlocklistsState } from '../api/blocklists-state';
import { type Blocklist } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { BlocklistActions } from './blocklist-actions';
import { BlocklistsApi } from './blocklists-api';
import { FunnelList } from './funnel-list';
import { stateMeaning, stateWords } from './list-words';

/** Where to begin: careful lists that hardly ever hold somebody innocent. */
const FIRST_SOURCES = [
  { id: 'spamhaus-drop', name: 'Spamhaus DROP' },
  { id: 'blocklist-de', name: 'blocklist.de' },
  { id: 'firehol', name: 'FireHOL' },
] as const;

/** The lists that others publish, and how each of them is. */
@Component({
  selector: 'bangui-blocklists-page',
  imports: [Busy, Failed, FunnelList, HostileText, Icon, MatMenuModule, Moment, RouterLink, Skeleton],
  templateUrl: './blocklists-page.html',
  styleUrl: './blocklists-page.css',
})
export class BlocklistsPage {
  protected readonly actions = inject(BlocklistActions);
  protected readonly lists = inject(BlocklistsState);
  private readonly resource = inject(BlocklistsApi).overlap();
  private readonly overlap = viewOf(this.resource);
  private readonly generation = computed(() => this.lists.wanted()?.generation);

  protected readonly firstSources = FIRST_SOURCES;
  protected readonly number = formatNumber;
  protected readonly words = stateWords;
  protected readonly meaning = stateMeaning;
  protected readonly held = computed(() => this.lists.all().filter((list) => list.held !== null));
  protected readonly count = computed(() => {
    const all = this.lists.all();
    const on = all.filter(({ isEnabled }) => isEnabled).length;
    return $localize`${formatNumber(all.length)}:lists: lists, ${formatNumber(on)}:on: on`;
  });
  private readonly unique = computed<ReadonlyMap<string, number>>(() => {
    const view = this.overlap();
    if (view.kind !== 'ready') return new Map();
    return new Map(
      view.value.items.flatMap(({ id, all, unique }) =>
        all.ranges === 0
          ? []
          : [[id, all.addresses4 > 0 ? unique.addresses4 / all.addresses4 : unique.ranges / all.ranges] as const],
      ),
    );
  });

  constructor() {
    this.lists.follow();
    effect(() => {
      if (this.generation() !== undefined) untracked(() => this.resource.reload());
    });
  }

  /** Percent of a list that no other has; null while it is not known. */
  protected uniquePercent({ id }: Blocklist): number | null {
    const share = this.unique().get(id);
    return share === undefined ? null : Math.round(share * 100);
  }

  protected change({ lastRun }: Blocklist): string {
    const funnel = lastRun?.funnel;
    if (!funnel || lastRun.outcome !== 'ok') return '–';
    return `+${formatNumber(funnel.addedRanges)} −${formatNumber(funnel.removedRanges)}`;
  }
}
