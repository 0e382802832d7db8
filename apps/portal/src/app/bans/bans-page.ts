import { Component, computed, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { JailsState } from '../api/jails-state';
import { formatAddresses, formatNumber } from '../ui/format';
import { FilterField } from '../ui/filter-field';
import { Icon } from '../ui/icon';
import { SearchText } from '../ui/search-text';
import { looksLikeAddress } from './address-text';
import { BanActions } from './ban-actions';
import { BanList } from './ban-list';
import { BansView } from './bans-view';

/** Every ban in force. The filters are the address of the page, so that it can be shared and Back works. */
@Component({
  selector: 'bangui-bans-page',
  imports: [BanList, FilterField, Icon],
  templateUrl: './bans-page.html',
  styleUrl: './bans-page.css',
})
export class BansPage {
  private readonly router = inject(Router);
  protected readonly actions = inject(BanActions);
  protected readonly jails = inject(JailsState);

  /** From the query string. */
  readonly jail = input<string>();
  /** From the query string: only bans inside this address or network. */
  readonly network = input<string>();
  /** From the query string: text in address or jail. */
  readonly q = input<string>();

  protected readonly isAtTop = signal(true);
  protected readonly view = new BansView(
    () => ({ jail: this.jail(), network: this.network(), q: this.q() }),
    () => this.isAtTop(),
  );
  protected readonly typed = new SearchText({
    inAddress: () => this.network() ?? this.q() ?? '',
    search: (text) => this.search(text),
  });
  protected readonly isFiltered = computed(() => Boolean(this.jail() ?? this.network() ?? this.q()));
  protected readonly heading = computed(() => {
    const total = this.view.total();
    if (total === undefined) return '';
    return this.isFiltered()
      ? $localize`${formatNumber(total)}:count: match`
      : $localize`${formatAddresses(total)}:addresses: in force`;
  });

  /** Puts what was typed into the address of the page: a network where it looks like one, else free text. */
  private search(text: string): void {
    const value = text.trim();
    const isAddress = looksLikeAddress(value);
    this.filter({ network: isAddress ? value : null, q: isAddress || value === '' ? null : value });
  }

  protected filterJail(name: string): void {
    this.filter({ jail: name === '' ? null : name });
  }

  protected clear(): void {
    this.typed.set('');
    this.filter({ jail: null, network: null, q: null });
  }

  protected unbanAll(): void {
    const jail = this.jail();
    const known = jail === undefined ? this.jails.bannedNow() : (this.jails.byName().get(jail)?.currentlyBanned ?? 0);
    // The figures of the jails come by another way: what is asked about is what is shown, unless that is a part of it.
    const isPart = Boolean(this.network() ?? this.q());
    void this.actions.unbanAll(jail, isPart ? known : (this.view.total() ?? known));
  }

  private filter(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }
}
