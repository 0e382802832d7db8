import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { BlocklistsState } from '../api/blocklists-state';
import { type ImportRun } from '../api/generated/models';
import { Failed } from '../ui/failed';
import { formatDuration, formatExact, formatNumber, formatSecond } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { RowToggle } from '../ui/row-toggle';
import { Skeleton } from '../ui/skeleton';
import { BlocklistsApi } from './blocklists-api';
import { ImportLog } from './import-log';
import { importMeaning, importWords } from './list-words';

/** The imports of all lists or of one, newest first. Rows open to the log. */
@Component({
  selector: 'bangui-import-runs-page',
  imports: [Failed, HostileText, Icon, ImportLog, ListEnd, RouterLink, RowToggle, Skeleton],
  templateUrl: './import-runs-page.html',
  styleUrl: './import-runs-page.css',
})
export class ImportRunsPage {
  private readonly lists = inject(BlocklistsState);

  /** Id of a list, from the URL; absent for all. */
  readonly source = input<string>();

  protected readonly list = inject(BlocklistsApi).runs(() => this.source());
  protected readonly open = signal<string | null>(null);
  protected readonly isEmpty = computed(() => this.list.items().length === 0);
  protected readonly name = computed(() => {
    const source = this.source();
    return source === undefined ? null : this.nameOf(source);
  });
  /** Changes when an import begins or ends. */
  private readonly news = computed(() =>
    this.lists
      .all()
      .map(({ id, isRunning, lastRun }) => `${id} ${String(isRunning)} ${lastRun?.id ?? ''}`)
      .join(),
  );

  protected readonly words = importWords;
  protected readonly meaning = importMeaning;
  protected readonly exact = formatExact;
  protected readonly moment = formatSecond;

  constructor() {
    this.lists.follow();
    effect(() => {
      if (this.news() !== '') untracked(() => this.list.refresh());
    });
  }

  protected nameOf(source: string): string {
    return this.lists.names().get(source) ?? source;
  }

  protected took({ startedAt, finishedAt }: ImportRun): string {
    if (startedAt === null || finishedAt === null) return '–';
    const ms = finishedAt - startedAt;
    return ms < 1000 ? $localize`${formatNumber(ms)}:milliseconds: ms` : formatDuration(ms / 1000);
  }

  protected why(run: ImportRun): string {
    if (run.trigger === 'schedule') return $localize`as planned`;
    return run.requestedBy === null ? $localize`by hand` : $localize`by ${run.requestedBy}:name:`;
  }

  protected toggle({ id }: ImportRun): void {
    this.open.update((open) => (open === id ? null : id));
  }
}
