import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { type JailSummary } from '../api/generated/models';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { FilterField } from '../ui/filter-field';
import { formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { JailName } from '../ui/jail-name';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { ArmedChip } from './armed-chip';
import { JailActions } from './jail-actions';
import { JailMenu } from './jail-menu';
import { concernOf, sourceWords } from './jail-words';
import { JailsState, needsAttention } from '../api/jails-state';

/** Every jail, running or not. */
@Component({
  selector: 'bangui-jails-page',
  imports: [ArmedChip, Busy, Failed, FilterField, Icon, JailMenu, JailName, Moment, RouterLink, Skeleton],
  templateUrl: './jails-page.html',
  styleUrl: './jails-page.css',
})
export class JailsPage {
  private readonly router = inject(Router);
  protected readonly actions = inject(JailActions);
  protected readonly jails = inject(JailsState);

  /** From the query string: text in the name, the filter or the backend. */
  readonly q = input<string>();
  /** From the query string: `attention` shows only the jails that need it. */
  readonly show = input<string>();

  protected readonly found = computed(() => {
    const text = (this.q() ?? '').trim().toLowerCase();
    return this.jails
      .all()
      .filter((jail) => this.show() !== 'attention' || needsAttention(jail))
      .filter((jail) => `${jail.name} ${jail.filter ?? ''} ${jail.backend ?? ''}`.toLowerCase().includes(text));
  });
  protected readonly heading = computed(() => {
    const all = this.jails.all().length;
    const armed = this.jails.all().filter((jail) => jail.armed.status === 'armed' && jail.state === 'running').length;
    return $localize`${formatNumber(armed)}:armed: of ${formatNumber(all)}:all: armed`;
  });
  protected readonly number = formatNumber;
  protected readonly source = sourceWords;
  protected readonly concern = (jail: JailSummary): string => concernOf(jail);

  protected filter(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }
}
