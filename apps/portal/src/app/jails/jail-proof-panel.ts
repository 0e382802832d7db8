import { Component, computed, inject, input, output, signal } from '@angular/core';
import { type JailDetail } from '../api/generated/models';
import { Busy } from '../ui/busy';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { JailActions } from './jail-actions';
import { actualWords, armedReason, entriesWords, partWords } from './jail-words';
import { type JailCommand } from './jails-api';

/** What is configured beside what fail2ban says it has, part by part. */
@Component({
  selector: 'bangui-jail-proof-panel',
  imports: [Busy, HostileText, Icon, Moment],
  templateUrl: './jail-proof-panel.html',
  styleUrl: './jail-proof-panel.css',
})
export class JailProofPanel {
  protected readonly actions = inject(JailActions);
  readonly jail = input.required<JailDetail>();
  readonly asked = output<JailCommand>();

  /** The part whose entries or differences are open. */
  protected readonly open = signal<string | null>(null);
  protected readonly rows = computed(
    () =>
      this.jail().proof?.parts.map((part) => ({
        ...part,
        words: partWords(part.part),
        wanted: entriesWords(part.part, part.configured, part.configuredCount),
        found: actualWords(part),
        lines: part.equal ? part.actual : (part.detail ?? []),
        unlisted: part.equal ? part.actualCount - part.actual.length : 0,
      })) ?? [],
  );
  protected readonly reason = computed(() => armedReason(this.jail().armed));
  protected readonly number = formatNumber;

  protected toggle(part: string): void {
    this.open.update((open) => (open === part ? null : part));
  }
}
