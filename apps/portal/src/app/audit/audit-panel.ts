import { Component, computed, signal } from '@angular/core';
import { auditPage } from '../api/generated/fn/audit/audit-page';
import { type AuditEvent, type AuditPage } from '../api/generated/models';
import { type KeysetList, keysetList } from '../api/keyset-list';
import { Failed } from '../ui/failed';
import { formatMoment, formatExact } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { RowToggle } from '../ui/row-toggle';
import { Skeleton } from '../ui/skeleton';
import { actionWords } from './action-words';

/** Who did what, from where, with what outcome. Rows open to what was before and after. */
@Component({
  selector: 'bangui-audit-panel',
  imports: [Failed, HostileText, Icon, ListEnd, RowToggle, Skeleton],
  templateUrl: './audit-panel.html',
  styleUrl: './audit-panel.css',
})
export class AuditPanel {
  protected readonly list: KeysetList<AuditEvent, AuditPage> = keysetList(
    () => auditPage.PATH,
    () => ({}),
  );
  protected readonly open = signal<string | null>(null);
  protected readonly isEmpty = computed(() => this.list.items().length === 0);

  protected readonly words = actionWords;
  protected readonly moment = formatMoment;
  protected readonly exact = formatExact;

  protected toggle(entry: AuditEvent): void {
    this.open.update((open) => (open === entry.id ? null : entry.id));
  }

  protected outcomeWords(entry: AuditEvent): string {
    switch (entry.outcome) {
      case 'succeeded':
        return $localize`done`;
      case 'failed':
        return $localize`failed`;
      case 'refused':
        return $localize`refused`;
    }
  }

  protected partsOf(entry: AuditEvent): readonly { readonly title: string; readonly text: string }[] {
    const part = (title: string, value: unknown): { title: string; text: string }[] =>
      value === null || value === undefined ? [] : [{ title, text: JSON.stringify(value, null, 2) }];
    return [
      ...part($localize`Details`, entry.detail),
      ...part($localize`Before`, entry.before),
      ...part($localize`After`, entry.after),
    ];
  }
}
