import { Component, computed, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type JailDetail } from '../api/generated/models';
import { formatDuration, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { JailProofPanel } from './jail-proof-panel';
import { parameterLabel, parameterWords, sourceWords } from './jail-words';
import { type JailCommand } from './jails-api';

const MOST_IGNORED = 6;
const MAIN_PARAMETERS = ['maxretry', 'findtime', 'bantime', 'bantime.increment', 'usedns', 'maxlines'];

/** The first tab of a jail: figures, proof, what it works with. */
@Component({
  selector: 'bangui-jail-overview',
  imports: [HostileText, Icon, JailProofPanel, Moment, RouterLink],
  templateUrl: './jail-overview.html',
  styleUrl: './jail-overview.css',
})
export class JailOverview {
  readonly jail = input.required<JailDetail>();
  readonly asked = output<JailCommand>();

  protected readonly number = formatNumber;
  protected readonly source = computed(() => sourceWords(this.jail()));
  protected readonly findtime = computed(() => {
    const seconds = Number(this.jail().parameters.find((parameter) => parameter.name === 'findtime')?.actual);
    return Number.isFinite(seconds) && seconds > 0 ? formatDuration(seconds) : null;
  });
  protected readonly parameters = computed(() =>
    MAIN_PARAMETERS.flatMap((name) => {
      const parameter = this.jail().parameters.find((candidate) => candidate.name === name);
      return parameter ? [{ ...parameter, label: parameterLabel(name), words: parameterWords(parameter) }] : [];
    }),
  );
  protected readonly ignored = computed(() => this.jail().ignoreList.slice(0, MOST_IGNORED));
  protected readonly moreIgnored = computed(() => this.jail().ignoreList.length - this.ignored().length);
}
