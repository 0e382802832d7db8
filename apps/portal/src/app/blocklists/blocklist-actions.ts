import { inject, Service, signal } from '@angular/core';
import { BlocklistsState } from '../api/blocklists-state';
import { type Blocklist } from '../api/generated/models';
import { Operations } from '../api/operations';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Confirm } from '../ui/confirm';
import { DialogOpener } from '../ui/dialog-opener';
import { formatNumber } from '../ui/format';
import { Toasts } from '../ui/toasts';
import { BlocklistsApi } from './blocklists-api';
import { type SourceDraft } from './source-draft';

/** Adding, changing, importing, removing lists: does it and says what came of it. */
@Service()
export class BlocklistActions {
  private readonly api = inject(BlocklistsApi);
  private readonly confirm = inject(Confirm);
  private readonly dialogs = inject(DialogOpener);
  private readonly lists = inject(BlocklistsState);
  private readonly operations = inject(Operations);
  private readonly toasts = inject(Toasts);
  private readonly sending = signal<ReadonlySet<string>>(new Set());

  /** True while a request about this list is under way. */
  isBusy(id: string): boolean {
    return this.sending().has(id);
  }

  /** Opens the dialog for another list, with the source that is meant. */
  async add(plugin: string | null = null): Promise<void> {
    const added = await this.open({ list: null, plugin });
    if (!added) return;
    this.lists.take(added);
    this.toasts.show($localize`“${added.name}:list:” was added. Its first import begins soon.`);
  }

  /** Opens the dialog for a list. */
  async edit(list: Blocklist): Promise<void> {
    const changed = await this.open({ list, plugin: null });
    if (!changed) return;
    this.lists.take(changed);
    this.toasts.show($localize`“${changed.name}:list:” was changed.`);
  }

  /** Lets a list count or not. */
  async flip(list: Blocklist): Promise<void> {
    await this.report(list.id, async () => {
      const changed = await this.api.change(list.id, { isEnabled: !list.isEnabled });
      this.lists.take(changed);
      this.toasts.show(
        changed.isEnabled
          ? $localize`“${list.name}:list:” is on. It is imported soon.`
          : $localize`“${list.name}:list:” is off. What only it holds is blocked no more.`,
      );
    });
  }

  /** Imports a list now and follows it to its end. */
  async run(list: Blocklist): Promise<void> {
    await this.report(list.id, async () => {
      const request = this.api.run(list.id);
      void request.then(
        () => this.lists.reload(),
        () => undefined,
      );
      const { outcome } = await this.operations.run(request, $localize`Importing “${list.name}:list:”…`);
      const message: unknown = outcome?.['message'];
      const isGood = outcome?.['outcome'] === 'ok' || outcome?.['outcome'] === 'unchanged';
      const words = typeof message === 'string' ? message : $localize`The import has ended.`;
      this.toasts.show(`${list.name}: ${words}`, { meaning: isGood ? 'ok' : 'watch' });
    });
    this.lists.reload();
  }

  /** Removes a list; asks first. */
  async remove(list: Blocklist): Promise<void> {
    const agreed = await this.confirm.ask({
      title: $localize`Delete “${list.name}:list:”?`,
      text: $localize`Its ${formatNumber(list.ranges)}:count: ranges and its imports are forgotten. What only it holds is blocked no more.`,
      action: $localize`Delete`,
    });
    if (!agreed) return;
    await this.report(list.id, async () => {
      await this.api.remove(list.id);
      this.toasts.show($localize`“${list.name}:list:” was deleted.`);
    });
    this.lists.reload();
  }

  /** Makes what was held back count. */
  async accept(list: Blocklist): Promise<void> {
    await this.report(list.id, async () => {
      this.lists.take(await this.api.confirm(list.id));
      this.toasts.show($localize`What was held back of “${list.name}:list:” counts now.`);
    });
    this.lists.reload();
  }

  /** Forgets what was held back. */
  async reject(list: Blocklist): Promise<void> {
    await this.report(list.id, async () => {
      this.lists.take(await this.api.reject(list.id));
      this.toasts.show(
        $localize`What was held back of “${list.name}:list:” was thrown away. The list before it goes on.`,
      );
    });
    this.lists.reload();
  }

  private open(draft: SourceDraft): Promise<Blocklist | undefined> {
    return this.dialogs.open<SourceDraft, Blocklist>({
      load: async () => (await import('./source-dialog')).SourceDialog,
      width: '600px',
      data: draft,
    });
  }

  private async report(id: string, work: () => Promise<void>): Promise<void> {
    if (this.isBusy(id)) return;
    this.sending.update((ids) => new Set([...ids, id]));
    try {
      await work();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.sending.update((ids) => new Set([...ids].filter((other) => other !== id)));
    }
  }
}
