import { Component, computed, DestroyRef, effect, inject, input, linkedSignal, signal, viewChild } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import {
  type ChangeCheck,
  type ChangeProblem,
  type ConfigurationEdits,
  type DefinitionDetail,
} from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ApplyChange } from './apply-change';
import { ConfigurationApi, type DefinitionKind } from './configuration-api';
import { DraftKeeper } from './draft-keeper';
import { DraftOffer } from './draft-offer';
import { changeText, copiedText, definitionPath, isDefinitionName, newText } from './definition-text';
import { ConfigEditor } from './editor/config-editor';
import { lineOf, type Mark } from './editor/config-marks';
import { LiveCheck } from './editor/live-check';
import { trialOf, withoutTrial } from './trial-jail';
import { type HoldsUnsaved } from './unsaved-guard';

/** Characters, as the API allows. */
const LONGEST_TEXT = 524_288;

/** What is to be made: a file that changes another one, a copy under another name, or something new. */
export type EditMode = 'change' | 'copy' | 'new';

/** What the person began with. */
interface Begun {
  readonly text: string;
  /** Of the file as it was then. */
  readonly etag: string | null;
}

/** Writes the file with which BanGUI changes a filter or an action, or makes one. What is typed is checked as it is typed. */
@Component({
  selector: 'bangui-definition-edit-page',
  imports: [ConfigEditor, DraftOffer, Failed, HostileText, Icon, RouterLink, Skeleton],
  templateUrl: './definition-edit-page.html',
  styleUrl: './definition-edit-page.css',
  providers: [DraftKeeper],
  host: { '(window:beforeunload)': 'keep($event)' },
})
export class DefinitionEditPage implements HoldsUnsaved {
  private readonly api = inject(ConfigurationApi);
  private readonly changes = inject(ApplyChange);
  private readonly router = inject(Router);
  protected readonly keeper = inject(DraftKeeper);

  /** From the route. */
  readonly kind = input.required<DefinitionKind>();
  /** From the route. */
  readonly mode = input.required<EditMode>();
  /** From the path; empty for something new, where the router gives undefined. */
  readonly name = input('', { transform: (name: string | undefined) => name ?? '' });

  protected readonly isFilter = computed(() => this.kind() === 'filters');
  protected readonly editorKind = computed(() => (this.isFilter() ? 'filter' : 'action'));
  protected readonly detail = this.api.definition(
    () => this.kind(),
    () => this.name(),
  );
  protected readonly view = viewOf(this.detail);
  private readonly filters = viewOf(this.api.definitions(() => 'filters'));
  private readonly actions = viewOf(this.api.definitions(() => 'actions'));
  protected readonly names = computed(() => {
    const [filters, actions] = [this.filters(), this.actions()];
    return {
      filters: filters.kind === 'ready' ? filters.value.items.map(({ name }) => name) : [],
      actions: actions.kind === 'ready' ? actions.value.items.map(({ name }) => name) : [],
    };
  });
  private readonly source = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : undefined;
  });

  /** Why there is nothing to begin with; null when there is, or will be. */
  protected readonly failure = computed(() => {
    const view = this.view();
    return view.kind === 'loading' ? null : view.problem;
  });
  /** Kept as it was, whatever others do meanwhile: the API then tells that it is outdated. */
  protected readonly begun = linkedSignal<DefinitionDetail | undefined, Begun | undefined>({
    source: this.source,
    computation: (source, previous) => previous?.value ?? this.beginning(source),
  });
  protected readonly text = linkedSignal(() => this.begun()?.text ?? '');
  protected readonly newName = signal('');
  private readonly isSaved = signal(false);

  protected readonly path = computed(() =>
    definitionPath(this.kind(), this.mode() === 'change' ? this.name() : this.newName().trim()),
  );
  protected readonly nameProblem = computed(() => {
    if (this.mode() === 'change') return null;
    const name = this.newName().trim();
    if (name === '') return $localize`Give it a name.`;
    if (!isDefinitionName(name))
      return $localize`A name has letters, digits, dots, dashes and underscores, starts with a letter or digit, and is at most 100 characters long.`;
    const names = this.names();
    return (this.isFilter() ? names.filters : names.actions).includes(name)
      ? $localize`There is one of this name already.`
      : null;
  });
  protected readonly isNameTouched = signal(false);
  protected readonly isTooLong = computed(() => this.text().length > LONGEST_TEXT);
  protected readonly isChanged = computed(() => this.mode() !== 'change' || this.text() !== this.begun()?.text);
  protected readonly canReview = computed(() => this.begun() !== undefined && !this.isTooLong() && this.isChanged());
  private readonly edits = computed<ConfigurationEdits>(() => ({
    jails: [],
    files: [{ path: this.path(), text: this.text(), etag: this.begun()?.etag ?? null }],
  }));

  /** What the check of what is typed said; null before the first answer. */
  protected readonly found = signal<readonly ChangeProblem[] | null>(null);
  /** Why it could not be checked. */
  protected readonly checkProblem = signal<string | null>(null);
  protected readonly isChecking = signal(false);
  /** The same problem of several jails is one. */
  protected readonly problems = computed(() => {
    const [path, text] = [this.path(), this.text()];
    const groups = Map.groupBy(this.found() ?? [], ({ file, line, option, message }) =>
      JSON.stringify([file, line, option, message]),
    );
    return [...groups.values()].flatMap((group) => {
      const [problem] = group;
      if (!problem) return [];
      const jails = group.flatMap(({ jail }) => (jail === null ? [] : [jail])).join(', ');
      return [{ ...problem, jails, at: lineOf(problem, path, text) }];
    });
  });
  protected readonly marks = computed<readonly Mark[]>(() =>
    this.problems().flatMap(({ at, message }) => (at === null ? [] : [{ line: at, message }])),
  );
  protected readonly editorLabel = computed(() =>
    this.mode() === 'change' ? $localize`Text of ${this.path()}:path:` : $localize`Text of the new file`,
  );
  private readonly editor = viewChild(ConfigEditor);
  private readonly liveCheck = new LiveCheck<ConfigurationEdits, ChangeCheck>(
    (edits) => this.api.check(edits),
    ({ problems }) => {
      this.isChecking.set(false);
      this.checkProblem.set(null);
      this.found.set(problems.map(withoutTrial));
    },
    (error) => {
      this.isChecking.set(false);
      const problem = problemOf(error);
      // The text as it is: nothing is wrong with it.
      this.checkProblem.set(problem.code === 'nothing-to-change' ? null : problemText(problem));
      this.found.set(problem.code === 'nothing-to-change' ? [] : null);
    },
  );

  constructor() {
    effect(() => {
      const edits = this.edits();
      const canCheck = this.canReview() && this.nameProblem() === null;
      if (!canCheck) {
        this.liveCheck.stop();
        this.isChecking.set(false);
        this.found.set(null);
        return;
      }
      this.isChecking.set(true);
      this.liveCheck.ask(this.withTrial(edits));
    });
    inject(DestroyRef).onDestroy(() => this.liveCheck.stop());
    this.keeper.follow(
      // Something new has no name yet under which it could be found again.
      () => (this.mode() === 'change' && this.begun() ? this.path() : null),
      () => (this.hasUnsaved() ? { etag: this.begun()?.etag ?? null, set: [], unset: [], text: this.text() } : null),
    );
  }

  hasUnsaved(): boolean {
    return !this.isSaved() && this.text() !== (this.begun()?.text ?? '');
  }

  protected keep(event: Event): void {
    if (this.hasUnsaved()) event.preventDefault();
  }

  /** Shows what would change, and makes it so when the person agrees. */
  protected async review(): Promise<void> {
    this.isNameTouched.set(true);
    if (!this.canReview() || this.nameProblem() !== null) return;
    const name = this.mode() === 'change' ? this.name() : this.newName().trim();
    const title = this.mode() === 'change' ? $localize`Change ${name}:name:` : $localize`Make ${name}:name:`;
    const outcome = await this.changes.review(this.edits(), title, { loadAnew: () => this.loadAnew() });
    if (!outcome) return;
    this.isSaved.set(true);
    await this.router.navigate(['/configuration', this.kind(), name]);
  }

  /** Goes on with what was typed on an earlier visit. */
  protected continueDraft(): void {
    const kept = this.keeper.take();
    if (!kept || kept.text === null) return;
    const text = kept.text;
    this.begun.update((begun) => begun && { ...begun, etag: kept.etag });
    this.text.set(text);
  }

  protected goTo(line: number): void {
    this.editor()?.goTo(line);
  }

  /** Takes the file as it is now in place of what was typed. */
  private loadAnew(): void {
    this.begun.set(undefined);
    this.detail.reload();
  }

  private beginning(source: DefinitionDetail | undefined): Begun | undefined {
    if (this.mode() === 'new') return { text: newText(this.kind()), etag: null };
    if (!source) return undefined;
    if (this.mode() === 'copy') return { text: copiedText(this.name(), source.files) ?? '', etag: null };
    return { text: source.file.text ?? changeText(this.name()), etag: source.file.etag };
  }

  /** What no jail uses, fail2ban does not look at; so for the check alone a jail uses it. */
  private withTrial(edits: ConfigurationEdits): ConfigurationEdits {
    const isUsed = this.mode() === 'change' && (this.source()?.usedBy.length ?? 0) > 0;
    const name = this.mode() === 'change' ? this.name() : this.newName().trim();
    return isUsed ? edits : { ...edits, jails: [trialOf(this.kind(), name)] };
  }
}
