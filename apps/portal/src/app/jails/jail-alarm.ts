import { Component, computed, inject, input, output } from '@angular/core';
import { type JailDetail } from '../api/generated/models';
import { Busy } from '../ui/busy';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { JailActions } from './jail-actions';
import { armedReason, consequenceOf, entriesWords, partWords } from './jail-words';
import { type JailCommand } from './jails-api';

/** Lines of a difference that are shown; the proof has all of them. */
const MOST_LINES = 6;

/**
 * Says loudly, on every tab of the jail, that it does not protect as configured: what is missing, what that means, and the
 * button that mends it. Draws nothing for a jail that is well.
 */
@Component({
  selector: 'bangui-jail-alarm',
  imports: [Busy, HostileText, Icon],
  templateUrl: './jail-alarm.html',
  styleUrl: './jail-alarm.css',
})
export class JailAlarm {
  protected readonly actions = inject(JailActions);
  readonly jail = input.required<JailDetail>();
  readonly asked = output<JailCommand>();

  protected readonly kind = computed(() => {
    const { state, armed } = this.jail();
    if (state === 'stopped') return 'stopped';
    if (armed.status === 'not-armed') return 'not-armed';
    return state === 'idle' ? 'idle' : armed.status === 'unknown' ? 'unknown' : null;
  });
  protected readonly reason = computed(() => armedReason(this.jail().armed));
  protected readonly parts = computed(() => {
    const { armed, proof } = this.jail();
    return armed.missing.map((part) => {
      const proven = proof?.parts.find((candidate) => candidate.part === part);
      return {
        part,
        words: partWords(part),
        consequence: consequenceOf(part),
        configured: proven ? entriesWords(part, proven.configured, proven.configuredCount) : '',
        actual: proven ? entriesWords(part, proven.actual, proven.actualCount) : '',
        lines: proven?.detail?.slice(0, MOST_LINES) ?? [],
        more: Math.max(0, (proven?.detail?.length ?? 0) - MOST_LINES),
      };
    });
  });
  protected readonly isBusy = computed(() => this.actions.isBusy(this.jail().name));
}
