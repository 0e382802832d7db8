import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { type ConfiguredJailSummary, type JailSummary } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { ArmedChip } from '../jails/index';
import { DialogOpener } from '../ui/dialog-opener';
import { Failed } from '../ui/failed';
import { FilterField } from '../ui/filter-field';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ConfigurationApi } from './configuration-api';
import { JailChanges } from './jail-changes';
import { LayerBadge } from './layer-badge';

/** A jail of the configuration with the one that runs. */
interface Row extends ConfiguredJailSummary {
  readonly running: JailSummary | undefined;
}

/** Every jail of the configuration, enabled or not. */
@Component({
  selector: 'bangui-configured-jails-page',
  imports: [ArmedChip, Failed, FilterField, HostileText, Icon, LayerBadge, RouterLink, Skeleton],
  templateUrl: './configured-jails-page.html',
  styleUrl: './configured-jails-page.css',
})
export class ConfiguredJailsPage {
  private readonly dialogs = inject(DialogOpener);
  private readonly jails = inject(JailsState);
  private readonly router = inject(Router);
  protected readonly changes = inject(JailChanges);

  /** From the query string: text in the name, the filter or the actions. */
  readonly q = input<string>();
  /** From the query string: `enabled` shows only the jails that are. */
  readonly show = input<string>();

  protected readonly list = inject(ConfigurationApi).jails();
  protected readonly view = viewOf(this.list);
  private readonly all = computed<readonly Row[]>(() => {
    const view = this.view();
    const running = this.jails.byName();
    return view.kind === 'ready' ? view.value.items.map((jail) => ({ ...jail, running: running.get(jail.name) })) : [];
  });
  protected readonly found = computed(() => {
    const text = (this.q() ?? '').trim().toLowerCase();
    return this.all()
      .filter(({ isEnabled }) => this.show() !== 'enabled' || isEnabled)
      .filter(({ name, filter, actions }) =>
        `${name} ${filter ?? ''} ${actions.join(' ')}`.toLowerCase().includes(text),
      );
  });
  protected readonly heading = computed(() => {
    const enabled = this.all().filter(({ isEnabled }) => isEnabled).length;
    return $localize`${formatNumber(enabled)}:enabled: of ${formatNumber(this.all().length)}:all: enabled`;
  });
  protected readonly number = formatNumber;

  protected filter(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected async add(): Promise<void> {
    const name = await this.dialogs.open<ReadonlySet<string>, string>({
      load: async () => (await import('./new-jail-dialog')).NewJailDialog,
      width: '440px',
      data: new Set(this.all().map((jail) => jail.name)),
    });
    if (name === undefined) return;
    await this.router.navigate(['/configuration/jails', name], { queryParams: { fresh: '1' } });
  }

  protected flipLabel({ name, isEnabled }: Row): string {
    return isEnabled ? $localize`Disable ${name}:jail:` : $localize`Enable ${name}:jail:`;
  }

  protected problemWords({ problems }: Row): string {
    return problems === 1 ? $localize`1 problem` : $localize`${formatNumber(problems)}:count: problems`;
  }
}
