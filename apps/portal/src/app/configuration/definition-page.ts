import { Component, computed, inject, input, viewChildren } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { type ConfigurationOption, type ValueOrigin } from '../api/generated/models';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ApplyChange } from './apply-change';
import { ConfigurationApi, type DefinitionKind } from './configuration-api';
import { DefinitionFile } from './definition-file';
import { DefinitionOrigin } from './definition-origin';
import { placeWords } from './origin-words';

/** A filter or an action: its files, the values that come of them and where each stands, the jails that use it. */
@Component({
  selector: 'bangui-definition-page',
  imports: [DefinitionFile, DefinitionOrigin, Failed, HostileText, Icon, RouterLink, Skeleton],
  templateUrl: './definition-page.html',
  styleUrl: './definition-page.css',
})
export class DefinitionPage {
  private readonly router = inject(Router);
  private readonly changes = inject(ApplyChange);

  /** From the route. */
  readonly kind = input.required<DefinitionKind>();
  /** From the path. */
  readonly name = input.required<string>();
  /** From the query string: `written` shows options as they stand in the files. */
  readonly show = input<string>();

  protected readonly detail = inject(ConfigurationApi).definition(
    () => this.kind(),
    () => this.name(),
  );
  protected readonly view = viewOf(this.detail);
  private readonly value = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : undefined;
  });
  protected readonly isFilter = computed(() => this.kind() === 'filters');
  /** The last file, when BanGUI may write it. */
  protected readonly own = computed(() => {
    const value = this.value();
    return value?.files.find(({ path, owner }) => path === value.file.path && owner === 'ours');
  });
  /** Somebody else's file stands where BanGUI would write. */
  protected readonly isTaken = computed(() => {
    const value = this.value();
    return value?.files.some(({ path, owner }) => path === value.file.path && owner !== 'ours') === true;
  });
  /** Nothing would be left of it without BanGUI's file. */
  protected readonly isOnlyOurs = computed(() => {
    const [name, value] = [this.name(), this.value()];
    return value?.files.every(({ path }) => path === value.file.path || !path.endsWith(`/${name}.conf`)) === true;
  });
  protected readonly layer = computed(() => {
    const value = this.value();
    const main = value?.files.find(({ path }) => path.endsWith(`/${value.name}.conf`)) ?? value?.files.at(-1);
    return main?.layer ?? 'stock';
  });
  protected readonly isAsWritten = computed(() => this.show() === 'written');
  protected readonly groups = computed(() => {
    const value = this.value();
    return [
      { section: 'Definition', options: value?.definition ?? [] },
      { section: 'Init', options: value?.init ?? [] },
    ].filter(({ options }) => options.length > 0);
  });
  private readonly files = viewChildren(DefinitionFile);
  protected readonly number = formatNumber;
  protected readonly place = placeWords;

  protected shown(option: ConfigurationOption): string {
    return this.isAsWritten() ? option.raw : (option.value ?? option.raw);
  }

  protected choose(show: string | null): void {
    void this.router.navigate([], { queryParams: { show }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  /** Opens the file in which a value stands, at its line. */
  protected goTo({ file, line }: ValueOrigin): void {
    this.files()
      .find((one) => one.file().path === file)
      ?.openAt(line);
  }

  /** Removes BanGUI's file, after the difference was seen. */
  protected async remove(): Promise<void> {
    const value = this.value();
    const name = this.name();
    if (!value) return;
    const wasOnlyOurs = this.isOnlyOurs();
    const { path, etag } = value.file;
    const title = wasOnlyOurs
      ? $localize`Delete ${name}:name:`
      : $localize`Take back what was changed of ${name}:name:`;
    const outcome = await this.changes.review({ jails: [], files: [{ path, text: null, etag }] }, title, {
      loadAnew: () => this.detail.reload(),
    });
    if (outcome && wasOnlyOurs) await this.router.navigate(['/configuration', this.kind()]);
  }
}
