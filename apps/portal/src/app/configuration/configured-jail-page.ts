import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { type ConfiguredJailDetail } from '../api/generated/models';
import { JailsState } from '../api/jails-state';
import { viewOf } from '../api/resource-view';
import { ArmedChip } from '../jails/index';
import { Failed } from '../ui/failed';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ApplyChange } from './apply-change';
import { ConfigurationApi } from './configuration-api';
import { DraftKeeper } from './draft-keeper';
import { DraftOffer } from './draft-offer';
import { FileList } from './file-list';
import { JailChanges } from './jail-changes';
import { isPlaced, JAIL_FIELD_GROUPS, type JailField } from './jail-fields';
import {
  draftsOf,
  editOf,
  type OptionDraft,
  type OptionDrafts,
  type OptionState,
  optionState,
  typedOf,
} from './option-draft';
import { OptionField } from './option-field';
import { placeWords } from './origin-words';
import { type HoldsUnsaved } from './unsaved-guard';

/** What holds for all jails. */
const ALL_JAILS = 'DEFAULT';
/** As the API takes it. */
const OPTION_NAME = /^[a-z0-9_.?=-]{1,64}$/;

/** A jail as the configuration has it, as a form; `DEFAULT` for what holds for all of them. */
@Component({
  selector: 'bangui-configured-jail-page',
  imports: [ArmedChip, DraftOffer, Failed, FileList, HostileText, Icon, OptionField, RouterLink, Skeleton],
  templateUrl: './configured-jail-page.html',
  styleUrl: './configured-jail-page.css',
  providers: [DraftKeeper],
  host: { '(window:beforeunload)': 'keep($event)' },
})
export class ConfiguredJailPage implements HoldsUnsaved {
  private readonly apply = inject(ApplyChange);
  private readonly jails = inject(JailsState);
  private readonly router = inject(Router);
  protected readonly changes = inject(JailChanges);
  protected readonly keeper = inject(DraftKeeper);

  /** From the path. */
  readonly name = input.required<string>();
  /** From the query string: the jail is not there yet. */
  readonly fresh = input<string>();

  protected readonly isNew = computed(() => this.fresh() !== undefined);
  protected readonly read = inject(ConfigurationApi).jail(() => (this.isNew() ? ALL_JAILS : this.name()));
  protected readonly view = viewOf(this.read);
  protected readonly jail = computed<ConfiguredJailDetail | undefined>(() => {
    const view = this.view();
    if (view.kind !== 'ready') return undefined;
    return this.isNew() ? newJail(this.name(), view.value) : view.value;
  });
  protected readonly isForAll = computed(() => this.name() === ALL_JAILS);
  protected readonly running = computed(() => this.jails.byName().get(this.name()));

  private readonly drafts = linkedSignal<string, OptionDrafts>({
    source: () => `${this.fresh() ?? ''} ${this.name()}`,
    computation: () => (this.isNew() ? new Map([['enabled', { kind: 'set', value: 'true' }]]) : new Map()),
  });
  /** The state the drafts were made upon; what somebody else does since must not be overwritten. */
  private readonly etag = signal<string | null>(null);
  protected readonly count = computed(() => this.drafts().size);
  protected readonly countWords = computed(() =>
    this.count() === 1 ? $localize`1 option changed` : $localize`${formatNumber(this.count())}:count: options changed`,
  );
  private readonly isReviewing = signal(false);
  protected readonly isOutdated = computed(() => {
    const jail = this.jail();
    // One's own change shows up before the dialog that made it is closed.
    if (this.isReviewing() || this.isNew()) return false;
    return jail !== undefined && this.count() > 0 && jail.file.etag !== this.etag();
  });

  private readonly byName = computed(
    () => new Map((this.jail()?.options ?? []).map((option) => [option.name, option])),
  );
  protected readonly groups = JAIL_FIELD_GROUPS;
  protected readonly others = computed<readonly JailField[]>(() => {
    const known = (this.jail()?.options ?? []).filter(({ name, origin }) => origin !== null && !isPlaced(name));
    const typed = [...this.drafts().keys()].filter((name) => !isPlaced(name) && !this.byName().has(name));
    return [...known.map(({ name }) => name).sort(), ...typed].map((option) => ({
      option,
      label: option,
      help: '',
      kind: 'text',
    }));
  });
  protected readonly paths = computed<ReadonlySet<string>>(() => {
    const jail = this.jail();
    if (!jail) return new Set();
    const origins = jail.options.flatMap(({ origin, overridden }) => [origin, ...overridden.map((one) => one.origin)]);
    return new Set([...jail.definedIn, ...origins].flatMap((one) => (one?.section === jail.name ? [one.file] : [])));
  });
  protected readonly typedOption = signal('');
  protected readonly canAddOption = computed(() => {
    const name = this.typedOption().trim().toLowerCase();
    return OPTION_NAME.test(name) && !this.byName().has(name) && !this.drafts().has(name) && !isPlaced(name);
  });
  protected readonly place = placeWords;

  constructor() {
    this.keeper.follow(
      () => this.jail()?.file.path ?? null,
      () => (this.count() > 0 ? typedOf(this.drafts(), this.isNew() ? null : this.etag()) : null),
    );
  }

  hasUnsaved(): boolean {
    return this.count() > 0;
  }

  protected keep(event: Event): void {
    if (this.hasUnsaved()) event.preventDefault();
  }

  protected stateOf(option: string): OptionState {
    return optionState(this.byName().get(option), this.drafts().get(option), this.jail()?.file.path ?? '');
  }

  protected draft(option: string, draft: OptionDraft | undefined): void {
    if (this.count() === 0) this.etag.set(this.jail()?.file.etag ?? null);
    const next = new Map(this.drafts());
    if (draft === undefined) next.delete(option);
    else next.set(option, draft);
    this.drafts.set(next);
  }

  protected addOption(event: Event): void {
    event.preventDefault();
    if (!this.canAddOption()) return;
    this.draft(this.typedOption().trim().toLowerCase(), { kind: 'set', value: '' });
    this.typedOption.set('');
  }

  /** Goes on with what was typed on an earlier visit. */
  protected continueDraft(): void {
    const kept = this.keeper.take();
    if (!kept) return;
    this.etag.set(kept.etag);
    this.drafts.set(draftsOf(kept));
  }

  protected discard(): void {
    this.drafts.set(new Map());
  }

  protected async save(): Promise<void> {
    const jail = this.jail();
    if (!jail || this.count() === 0) return;
    const etag = this.isNew() ? null : this.etag();
    const edit = editOf(jail.name, this.drafts(), { options: jail.options, etag });
    const title = this.isForAll()
      ? $localize`Change what holds for all jails`
      : this.isNew()
        ? $localize`Add ${jail.name}:jail:`
        : $localize`Change ${jail.name}:jail:`;
    this.isReviewing.set(true);
    const outcome = await this.apply.review({ jails: [edit], files: [] }, title, { loadAnew: () => this.loadAnew() });
    if (outcome) this.discard();
    this.isReviewing.set(false);
    if (!outcome) return;
    if (this.isNew()) await this.router.navigate([], { queryParams: { fresh: null }, replaceUrl: true });
  }

  protected loadAnew(): void {
    this.discard();
    if (this.isNew()) void this.router.navigate([], { queryParams: { fresh: null }, replaceUrl: true });
    else this.read.reload();
  }

  protected async remove(jail: ConfiguredJailDetail): Promise<void> {
    const outcome = await this.changes.remove(jail);
    if (!outcome) return;
    this.discard();
    await this.router.navigate(['/configuration/jails']);
  }
}

/** A jail that nothing is said about yet: what holds for all of them holds for it. */
function newJail(name: string, all: ConfiguredJailDetail): ConfiguredJailDetail {
  return { ...all, name, file: { path: `jail.d/zz-bangui-jail-${name}.local`, text: null, etag: null } };
}
