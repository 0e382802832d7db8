import { Component, computed, effect, inject, linkedSignal, signal, untracked } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { type ServerSettingsNow } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { ServerState } from '../api/server-state';
import { ApplyChange, ConfigurationApi } from '../configuration/index';
import { JailActions } from '../jails/index';
import { Busy } from '../ui/busy';
import { Confirm } from '../ui/confirm';
import { Failed } from '../ui/failed';
import { formatBytes, formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { ServerApi } from './server-api';
import { changeOf, draftOf, settingsToKeep, type SettingsDraft } from './settings-draft';

const LEVELS: readonly ServerSettingsNow['loglevel'][] = [
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
  'TRACEDEBUG',
  'HEAVYDEBUG',
];
const TARGETS = ['SYSLOG', 'SYSTEMD-JOURNAL', 'STDOUT', 'STDERR', 'SYSOUT'] as const;
const NOTHING: SettingsDraft = { loglevel: 'INFO', logtarget: '', dbpurgeage: '', dbmaxmatches: '' };

/** fail2ban as a whole: where it is, how it logs, what its database keeps; flush, reload, restart. */
@Component({
  selector: 'bangui-server-page',
  imports: [Busy, Failed, FormField, HostileText, Icon, Moment, ProblemNote, Skeleton],
  templateUrl: './server-page.html',
  styleUrl: './server-page.css',
})
export class ServerPage {
  private readonly api = inject(ServerApi);
  private readonly confirm = inject(Confirm);
  private readonly changes = inject(ApplyChange);
  private readonly toasts = inject(Toasts);
  protected readonly jails = inject(JailActions);
  protected readonly server = inject(ServerState);

  protected readonly resource = this.api.settings();
  protected readonly view = viewOf(this.resource);
  private readonly settings = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : null;
  });
  /** Begins anew with what the server has whenever that was read. */
  protected readonly model = linkedSignal<SettingsDraft>(() => {
    const settings = this.settings();
    return settings ? draftOf(settings) : NOTHING;
  });
  protected readonly fields = form(this.model);
  /** What is being done now. */
  protected readonly doing = signal<'save' | 'flush' | 'restart' | null>(null);
  protected readonly problem = signal<string | null>(null);

  private readonly change = computed(() => {
    const settings = this.settings();
    return settings && changeOf(this.model(), settings);
  });
  protected readonly canSave = computed(() => this.change() !== null && this.doing() === null);
  protected readonly purgeWords = computed(() => {
    const age = this.settings()?.dbpurgeage ?? null;
    return age === null ? '' : formatDuration(age);
  });
  private readonly configured = viewOf(inject(ConfigurationApi).server());
  /** What the next restart would take away. */
  protected readonly passing = computed(() => {
    const [settings, configured] = [this.settings(), this.configured()];
    return settings && configured.kind === 'ready' ? settingsToKeep(settings, configured.value) : [];
  });
  protected readonly passingText = computed(() =>
    this.passing()
      .map(({ option, value }) => `${option} = ${value}`)
      .join('\n'),
  );
  protected readonly levels = LEVELS;
  protected readonly targets = TARGETS;
  protected readonly bytes = formatBytes;
  protected readonly number = formatNumber;

  constructor() {
    // A fail2ban that comes back, or is another one, may have other settings.
    let seen: number | null | undefined;
    effect(() => {
      const startedAt = this.server.status()?.startedAt;
      if (seen !== undefined && startedAt !== seen) untracked(() => this.resource.reload());
      seen = startedAt;
    });
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const change = this.change();
    if (!change || !this.canSave()) return;
    this.problem.set(null);
    try {
      this.doing.set('save');
      this.resource.set(await this.api.change(change));
      this.toasts.show($localize`fail2ban has the new settings.`);
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.doing.set(null);
    }
  }

  protected async flushLogs(): Promise<void> {
    await this.report('flush', async () => {
      await this.api.flushLogs();
      this.toasts.show($localize`fail2ban has opened its log anew.`);
    });
  }

  protected async restart(): Promise<void> {
    const isAgreed = await this.confirm.ask({
      title: $localize`Restart fail2ban?`,
      text: $localize`It stops watching for some seconds. What it bans now is lifted and put back, as far as its database keeps it. The configuration is checked first.`,
      action: $localize`Restart fail2ban`,
    });
    if (!isAgreed) return;
    await this.report('restart', async () => {
      await this.api.restart();
      this.toasts.show($localize`fail2ban was restarted.`);
      this.resource.reload();
    });
  }

  /** Writes them where fail2ban reads them when it starts. */
  protected async keep(): Promise<void> {
    const configured = this.configured();
    if (configured.kind !== 'ready') return;
    const server = { set: this.passing(), unset: [], etag: configured.value.file.etag };
    await this.changes.review({ jails: [], files: [], server }, $localize`Keep settings over restarts`);
  }

  private async report(what: 'flush' | 'restart', work: () => Promise<void>): Promise<void> {
    if (this.doing() !== null) return;
    this.doing.set(what);
    try {
      await work();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.doing.set(null);
    }
  }
}
