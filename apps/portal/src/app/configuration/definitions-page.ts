import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { FilterField } from '../ui/filter-field';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ConfigurationApi, type DefinitionKind } from './configuration-api';
import { DefinitionOrigin } from './definition-origin';

/** Jails that are named in a row; the rest is counted. */
const MOST_JAILS = 4;

/** Every filter, or every action, with where it comes from and which jails use it. */
@Component({
  selector: 'bangui-definitions-page',
  imports: [DefinitionOrigin, Failed, FilterField, HostileText, Icon, RouterLink, Skeleton],
  templateUrl: './definitions-page.html',
  styleUrl: './definitions-page.css',
})
export class DefinitionsPage {
  private readonly router = inject(Router);

  /** From the route. */
  readonly kind = input.required<DefinitionKind>();
  /** From the query string: text in the name or in the name of a jail that uses it. */
  readonly q = input<string>();
  /** From the query string: `used`, `ours` or `problems` show only those. */
  readonly show = input<string>();

  protected readonly list = inject(ConfigurationApi).definitions(() => this.kind());
  protected readonly view = viewOf(this.list);
  protected readonly isFilters = computed(() => this.kind() === 'filters');
  protected readonly searchLabel = computed(() =>
    this.isFilters() ? $localize`Filter the filters` : $localize`Filter the actions`,
  );
  protected readonly all = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value.items : [];
  });
  protected readonly found = computed(() => {
    const text = (this.q() ?? '').trim().toLowerCase();
    return this.all()
      .filter(({ usedBy }) => this.show() !== 'used' || usedBy.length > 0)
      .filter(({ isOurs }) => this.show() !== 'ours' || isOurs)
      .filter(({ problems }) => this.show() !== 'problems' || problems > 0)
      .filter(({ name, usedBy }) => [name, ...usedBy].some((word) => word.toLowerCase().includes(text)))
      .map((item) => ({
        ...item,
        jails: item.usedBy.slice(0, MOST_JAILS),
        more: item.usedBy.length - MOST_JAILS,
      }));
  });
  protected readonly choices = computed(() => {
    const all = this.all();
    return [
      { id: null, label: $localize`All`, count: all.length },
      { id: 'used', label: $localize`In use`, count: all.filter(({ usedBy }) => usedBy.length > 0).length },
      { id: 'ours', label: $localize`BanGUI's`, count: all.filter(({ isOurs }) => isOurs).length },
      { id: 'problems', label: $localize`With problems`, count: all.filter(({ problems }) => problems > 0).length },
    ];
  });
  protected readonly number = formatNumber;

  protected filter(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }
}
