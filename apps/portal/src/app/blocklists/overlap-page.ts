import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { BlocklistsState } from '../api/blocklists-state';
import { type OverlapSource } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { CopyText } from '../ui/copy-text';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { BlocklistsApi } from './blocklists-api';

/** Formats in which the API publishes a feed. */
const FORMATS = ['txt', 'cidr', 'nft', 'ipset', 'json', 'rsc'] as const;

/** How much the lists have in common, and where other firewalls fetch them. */
@Component({
  selector: 'bangui-overlap-page',
  imports: [Failed, HostileText, Icon, RouterLink, Skeleton],
  templateUrl: './overlap-page.html',
  styleUrl: './overlap-page.css',
})
export class OverlapPage {
  private readonly copyText = inject(CopyText);
  private readonly lists = inject(BlocklistsState);
  protected readonly resource = inject(BlocklistsApi).overlap();
  protected readonly view = viewOf(this.resource);
  protected readonly formats = FORMATS;
  protected readonly feeds = computed(() => [
    { name: 'merged', title: $localize`All of them, without the allowlist` },
    ...this.lists.all().map(({ feedName, name }) => ({ name: feedName, title: name })),
  ]);

  constructor() {
    this.lists.reload();
  }

  /** Percent of a list that another one has too; addresses where there are any, else ranges. */
  protected percent({ all, shared }: OverlapSource, index: number): string {
    const other = shared[index];
    if (!other || all.ranges === 0) return '–';
    const share = all.addresses4 > 0 ? other.addresses4 / all.addresses4 : other.ranges / all.ranges;
    return String(Math.round(share * 100));
  }

  protected copy(name: string, format: string): void {
    const url = `${location.origin}/api/v1/feeds/${name}.${format}`;
    void this.copyText.copy(url, $localize`The address of the feed was copied.`);
  }
}
