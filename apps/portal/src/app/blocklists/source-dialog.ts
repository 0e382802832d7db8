import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { type Blocklist, type BlocklistPreview, type Plugin } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { AllowlistActions, SeenList } from '../allowlist/index';
import { Busy } from '../ui/busy';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';
import { BlocklistsApi } from './blocklists-api';
import { FunnelList } from './funnel-list';
import { configOf, type FieldValues, missingField, schemaFields, valuesOf } from './schema-fields';
import { SettingsForm } from './settings-form';
import { type SourceDraft } from './source-draft';

/** Minutes between two imports unless somebody says otherwise, as the API has it. */
const USUAL_INTERVAL_MINUTES = 360;
/** Percent, as the API has it. */
const USUAL_CHANGE_PERCENT = 50;

/** Subscribes to a list, or changes its settings. Shows beforehand what would come of it. */
@Component({
  selector: 'bangui-source-dialog',
  imports: [Busy, FunnelList, HostileText, Icon, MatDialogModule, ProblemNote, SeenList, SettingsForm],
  templateUrl: './source-dialog.html',
})
export class SourceDialog {
  private readonly allowlist = inject(AllowlistActions);
  private readonly api = inject(BlocklistsApi);
  private readonly dialog = inject<MatDialogRef<SourceDialog, Blocklist>>(MatDialogRef);
  protected readonly draft = inject<SourceDraft>(MAT_DIALOG_DATA);

  /** Undefined while they are read. */
  protected readonly plugins = signal<readonly Plugin[] | undefined>(undefined);
  protected readonly chosen = signal(this.draft.list?.plugin ?? this.draft.plugin ?? 'url-list');
  protected readonly plugin = computed(() => this.plugins()?.find(({ id }) => id === this.chosen()));
  protected readonly fields = computed(() => schemaFields(this.plugin()?.configSchema));
  protected readonly kept = this.draft.list?.secretsSet ?? [];
  private readonly typed = signal<FieldValues | null>(null);
  protected readonly values = computed(() => this.typed() ?? valuesOf(this.fields(), this.draft.list?.config ?? {}));
  private readonly typedName = signal<string | null>(this.draft.list?.name ?? null);
  protected readonly name = computed(() => this.typedName() ?? this.plugin()?.name?.slice(0, 80) ?? '');
  protected readonly interval = signal(String(this.draft.list?.intervalMinutes ?? USUAL_INTERVAL_MINUTES));
  protected readonly maxChange = signal(String(this.draft.list?.maxChangePercent ?? USUAL_CHANGE_PERCENT));
  protected readonly preview = signal<BlocklistPreview | null>(null);
  protected readonly isPreviewing = signal(false);
  protected readonly isSending = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly missing = computed(() => missingField(this.fields(), this.values(), this.kept));
  protected readonly canPreview = computed(() => this.plugin() !== undefined && this.missing() === undefined);
  protected readonly canSend = computed(() => this.canPreview() && this.name().trim() !== '' && !this.isSending());

  constructor() {
    void this.readPlugins();
  }

  protected choose(id: string): void {
    this.chosen.set(id);
    this.typed.set(null);
    this.preview.set(null);
  }

  protected change(values: FieldValues): void {
    this.typed.set(values);
    // What is shown would be of other settings.
    this.preview.set(null);
  }

  protected rename(name: string): void {
    this.typedName.set(name);
  }

  protected async tryOut(): Promise<void> {
    this.isPreviewing.set(true);
    this.preview.set(null);
    await this.report(async () => {
      const { list } = this.draft;
      const request = { plugin: this.chosen(), config: this.config(), ...(list ? { source: list.id } : {}) };
      this.preview.set(await this.api.preview(request));
    });
    this.isPreviewing.set(false);
  }

  /** Puts an address on the allowlist, and shows what the list would then be. */
  protected async allow(address: string): Promise<void> {
    if (await this.allowlist.add(address)) await this.tryOut();
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canSend()) return;
    this.isSending.set(true);
    await this.report(async () => {
      const settings = {
        name: this.name().trim(),
        config: this.config(),
        intervalMinutes: Number(this.interval()),
        maxChangePercent: Number(this.maxChange()),
      };
      const { list } = this.draft;
      this.dialog.close(
        list ? await this.api.change(list.id, settings) : await this.api.create({ plugin: this.chosen(), ...settings }),
      );
    });
    this.isSending.set(false);
  }

  private config(): Record<string, unknown> {
    return configOf(this.fields(), this.values());
  }

  private async readPlugins(): Promise<void> {
    await this.report(async () => this.plugins.set(await this.api.sources()));
  }

  private async report(work: () => Promise<void>): Promise<void> {
    this.problem.set(null);
    try {
      await work();
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    }
  }
}
