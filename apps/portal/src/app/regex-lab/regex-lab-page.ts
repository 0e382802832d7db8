import { Component, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { type RegexLabReport, type RegexLabTrial } from '../api/generated/models';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { formatBytes, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { draftOf, emptyDraft, type LabDraft, linesOf, regexesOf } from './lab-draft';
import { RegexLabApi } from './regex-lab-api';
import { RegexLabReportView } from './regex-lab-report';

/** How many lines of a log can be chosen. */
const LAST_LINES = [50, 100, 500, 1000] as const;
const FEWEST = '100';
/** Seconds that a run may be given. */
const SECONDS = [2, 5, 10] as const;

/** Tries a filter or regular expressions on lines, before anything is written. */
@Component({
  selector: 'bangui-regex-lab-page',
  imports: [Busy, Failed, FormField, Icon, ProblemNote, RegexLabReportView, Skeleton],
  templateUrl: './regex-lab-page.html',
  styleUrl: './regex-lab-page.css',
})
export class RegexLabPage {
  private readonly api = inject(RegexLabApi);
  private readonly router = inject(Router);

  /** `regexes` tries one's own; a filter otherwise. From the URL, as the following. */
  readonly use = input<string>();
  /** A filter with parameters: `sshd[mode=aggressive]`. */
  readonly filter = input<string>();
  /** A log that a jail reads; pasted lines without. */
  readonly log = input<string>();
  /** How many of its last lines. */
  readonly last = input<string>();

  protected readonly resource = this.api.choices();
  protected readonly view = viewOf(this.resource);
  protected readonly model = signal<LabDraft>(emptyDraft);
  protected readonly fields = form(this.model);
  /** What stands in the field of the filter; goes into the URL with a run. */
  protected readonly typedFilter = linkedSignal(() => this.filter() ?? '');
  protected readonly seconds = signal<number>(SECONDS[0]);
  protected readonly isRunning = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly report = signal<RegexLabReport | null>(null);
  protected readonly isOfFilter = signal(false);

  protected readonly usesRegexes = computed(() => this.use() === 'regexes');
  protected readonly usesLog = computed(() => this.log() !== undefined);
  protected readonly lastLines = computed(() => this.last() ?? FEWEST);
  protected readonly logs = computed(() => {
    const view = this.view();
    const logs = view.kind === 'ready' ? view.value.logs : [];
    const chosen = this.log();
    // What a link names stays in the choice; that it cannot be read is then told by the run.
    const isUnknown = chosen !== undefined && chosen !== '' && !logs.some(({ path }) => path === chosen);
    return isUnknown ? [...logs, { path: chosen, jails: [] }] : logs;
  });
  protected readonly canRun = computed(() => {
    if (this.isRunning()) return false;
    const { failregex, lines } = this.model();
    const hasRegexes = this.usesRegexes() ? failregex.trim() !== '' : this.typedFilter().trim() !== '';
    return hasRegexes && (this.usesLog() ? this.log() !== '' : lines.trim() !== '');
  });
  protected readonly why = computed(() => {
    const problem = this.problem();
    return problem && problemText(problem);
  });

  protected readonly lineChoices = LAST_LINES.map((count) => ({ value: String(count), label: formatNumber(count) }));
  protected readonly secondChoices = SECONDS;
  protected readonly bytes = formatBytes;
  protected readonly number = formatNumber;

  constructor() {
    // A link that names all of it shows what came of it.
    let isFirst = true;
    effect(() => {
      if (this.view().kind !== 'ready' || !isFirst) return;
      isFirst = false;
      untracked(() => {
        if (!this.usesRegexes() && this.usesLog() && this.canRun()) void this.run();
      });
    });
  }

  /** What is tried and on what is the state of the page, and so in the URL. */
  protected choose(queryParams: {
    use?: string | null;
    log?: string | null;
    last?: string | null;
    filter?: string;
  }): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected chooseLog(): void {
    this.choose({ log: this.logs()[0]?.path ?? '' });
  }

  /** Puts the regexes of the filter that was tried into the fields. */
  protected takeOver(): void {
    const report = this.report();
    if (!report) return;
    this.model.update(({ lines }) => draftOf(report, lines));
    this.choose({ use: 'regexes' });
  }

  protected async start(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canRun()) return;
    if (!this.usesRegexes()) this.choose({ filter: this.typedFilter().trim() });
    await this.run();
  }

  private async run(): Promise<void> {
    this.isRunning.set(true);
    this.problem.set(null);
    this.report.set(null);
    try {
      this.isOfFilter.set(!this.usesRegexes());
      this.report.set(await this.api.run(this.trial()));
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.isRunning.set(false);
    }
  }

  private trial(): RegexLabTrial {
    const draft = this.model();
    const log = this.log();
    return {
      ...(this.usesRegexes() ? regexesOf(draft) : { filter: this.typedFilter().trim() }),
      ...(log === undefined ? { lines: linesOf(draft.lines) } : { log, lastLines: Number(this.lastLines()) }),
      timeoutMs: this.seconds() * 1000,
    };
  }
}
