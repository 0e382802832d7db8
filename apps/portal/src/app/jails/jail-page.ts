import { Component, computed, inject, input } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { type JailDetail } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { BanActions } from '../bans/index';
import { Live } from '../api/live/live';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { jailPaint } from '../ui/jail-name';
import { Skeleton } from '../ui/skeleton';
import { ArmedChip } from './armed-chip';
import { JailActionList } from './jail-action-list';
import { JailActions } from './jail-actions';
import { JailAlarm } from './jail-alarm';
import { JailBanned } from './jail-banned';
import { JailIgnored } from './jail-ignored';
import { JailMenu } from './jail-menu';
import { JailOverview } from './jail-overview';
import { JailParameters } from './jail-parameters';
import { JailSource } from './jail-source';
import { sourceWords } from './jail-words';
import { type JailCommand, JailsApi } from './jails-api';
import { JailsState } from '../api/jails-state';

const TABS = ['overview', 'banned', 'parameters', 'ignored', 'source', 'actions'] as const;
type Tab = (typeof TABS)[number];

/** One jail: is it armed, what does it do now, what is it made of. The tab is part of the address. */
@Component({
  selector: 'bangui-jail-page',
  imports: [
    ArmedChip,
    Busy,
    Failed,
    Icon,
    JailActionList,
    JailAlarm,
    JailBanned,
    JailIgnored,
    JailMenu,
    JailOverview,
    JailParameters,
    JailSource,
    RouterLink,
    Skeleton,
  ],
  templateUrl: './jail-page.html',
  styleUrl: './jail-page.css',
})
export class JailPage {
  private readonly jails = inject(JailsState);
  protected readonly actions = inject(JailActions);
  protected readonly bans = inject(BanActions);

  /** From the path. */
  readonly name = input.required<string>();
  /** From the query string. */
  readonly tab = input<string>();

  protected readonly detail = inject(JailsApi).detail(() => this.name());
  protected readonly view = viewOf(this.detail);
  /** The detail with the counters of this second. */
  protected readonly jail = computed<JailDetail | undefined>(() => {
    const view = this.view();
    return view.kind === 'ready' ? { ...view.value, ...this.jails.byName().get(this.name()) } : undefined;
  });
  protected readonly current = computed<Tab>(() => TABS.find((tab) => tab === this.tab()) ?? 'overview');
  protected readonly paint = computed(() => jailPaint(this.jail()?.colour ?? this.jails.colourOf(this.name())));
  protected readonly tabs = computed(() => {
    const jail = this.jail();
    const counted = (label: string, count: number | undefined): string =>
      count === undefined ? label : `${label} ${formatNumber(count)}`;
    return [
      { id: 'overview', label: $localize`Overview` },
      { id: 'banned', label: counted($localize`Banned`, jail?.currentlyBanned) },
      { id: 'parameters', label: $localize`Parameters` },
      { id: 'ignored', label: counted($localize`Ignore list`, jail?.ignoreList.length) },
      { id: 'source', label: $localize`Log source` },
      { id: 'actions', label: counted($localize`Actions`, jail?.actions.length) },
    ] as const satisfies readonly { id: Tab; label: string }[];
  });
  protected readonly facts = computed(() => {
    const jail = this.jail();
    if (!jail) return '';
    const from = jail.inConfiguration ? '' : ` · ${$localize`added by hand, not in the configuration`}`;
    return `${sourceWords(jail)}${from}`;
  });

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        const isMine =
          event.name === 'jails' &&
          event.data.items.some(
            (change) => change.name === this.name() && change.armed.checkedAt !== this.jail()?.proof?.provenAt,
          );
        if (event.name === 'resync' || isMine) this.detail.reload();
      });
  }

  protected async run(command: JailCommand): Promise<void> {
    await this.actions.run(this.name(), command);
    this.detail.reload();
  }
}
