import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Ban } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { BanActions } from '../bans/index';
import { Clock } from '../ui/clock';
import { CopyText } from '../ui/copy-text';
import { Failed } from '../ui/failed';
import { formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { MatchedLines } from '../ui/matched-lines';
import { isNetwork } from '../ui/network';
import { RangeWindow } from '../ui/range-window';
import { Skeleton } from '../ui/skeleton';
import { AddressApi } from './address-api';
import { AddressEvents } from './address-events';
import { AddressJails } from './address-jails';
import { AddressLists } from './address-lists';
import { AddressNeighbours } from './address-neighbours';
import { AddressPlace } from './address-place';
import { AddressTimeline } from './address-timeline';
import { GuardNote } from './guard-note';

/** Newest events that are read with the page. */
const EVENTS = 50;

/** Everything about one address or network: what happened, what is so now, what to do about it. */
@Component({
  selector: 'bangui-address-page',
  imports: [
    AddressEvents,
    AddressJails,
    AddressLists,
    AddressNeighbours,
    AddressPlace,
    AddressTimeline,
    Failed,
    GuardNote,
    HostileText,
    Icon,
    MatchedLines,
    RouterLink,
    Skeleton,
  ],
  templateUrl: './address-page.html',
  styleUrl: './address-page.css',
})
export class AddressPage {
  private readonly clock = inject(Clock);
  private readonly clipboard = inject(CopyText);
  private readonly jails = inject(JailsState);
  protected readonly actions = inject(BanActions);

  /** From the route. */
  readonly address = input.required<string>();
  /** From the query string, as are the next two: the range of the timeline. */
  readonly range = input<string>();
  readonly from = input<string>();
  readonly to = input<string>();

  protected readonly time = new RangeWindow(() => ({ range: this.range(), from: this.from(), to: this.to() }), '90d');
  protected readonly resource = inject(AddressApi).summary(() => this.address(), EVENTS);
  protected readonly view = viewOf(this.resource, () => this.address());
  /** The archive has no event of it: nothing went wrong. */
  protected readonly isUnknown = computed(() => {
    const view = this.view();
    return view.kind === 'failed' && view.problem.code === 'history-unknown';
  });
  /** It is no address at all. */
  protected readonly isNone = computed(() => {
    const view = this.view();
    return view.kind === 'failed' && view.problem.status === 400;
  });
  protected readonly isNetwork = computed(() => isNetwork(this.address()));
  private readonly history = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : null;
  });
  protected readonly inForce = computed<readonly Ban[]>(() => this.history()?.inForce ?? []);
  /** Bans of exactly this, by which it is judged; those inside of a network are others. */
  private readonly own = computed(() => this.inForce().filter((ban) => ban.address === this.address()));
  protected readonly bannedWords = computed(() => {
    const own = this.own();
    const [first] = own;
    if (!first) return null;
    if (own.length > 1) return $localize`Banned in ${formatNumber(own.length)}:count: jails`;
    if (first.expiresAt === null) return $localize`Banned in ${first.jail}:jail: for good`;
    const seconds = Math.max(0, Math.round((first.expiresAt - this.clock.now()) / 1000));
    // In steps of a minute, so that the head does not tick.
    const left = formatDuration(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60);
    return $localize`Banned in ${first.jail}:jail:, ${left}:time: left`;
  });
  protected readonly insideWords = computed(() => {
    const inside = this.inForce().length - this.own().length;
    if (inside === 0) return null;
    return inside === 1 ? $localize`1 ban inside` : $localize`${formatNumber(inside)}:count: bans inside`;
  });
  protected readonly unbanWords = computed(() => {
    const own = this.own();
    const [first] = own;
    return first && own.length === 1
      ? $localize`Unban from ${first.jail}:jail:`
      : $localize`Unban from ${formatNumber(own.length)}:count: jails`;
  });
  protected readonly isBanned = computed(() => this.own().length > 0);
  /** Where it could be banned and is not. */
  protected readonly canBan = computed(() => {
    const banned = new Set(this.own().map((ban) => ban.jail));
    return this.jails.running().some((jail) => !banned.has(jail.name));
  });
  protected readonly newestWithLines = computed(() =>
    this.history()?.items.find((record) => record.action === 'ban' && record.matches.length > 0),
  );
  protected readonly linesWords = computed(() => {
    const record = this.newestWithLines();
    if (!record) return '';
    const count = formatNumber(record.matches.length);
    return record.matches.length === 1 ? $localize`newest ban, 1 line` : $localize`newest ban, ${count}:count: lines`;
  });

  protected copyAddress(): void {
    void this.clipboard.copy(this.address(), $localize`The address was copied.`);
  }

  protected copyLines(): void {
    const lines = this.newestWithLines()?.matches ?? [];
    void this.clipboard.copy(lines.join('\n'), $localize`The lines were copied.`);
  }

  protected ban(): void {
    const banned = new Set(this.own().map((ban) => ban.jail));
    const jail = this.jails.running().find(({ name }) => !banned.has(name))?.name;
    void this.actions.openDialog({ text: this.address(), jail: banned.size > 0 ? jail : undefined });
  }

  protected unban(): void {
    void this.actions.unban(this.own());
  }
}
