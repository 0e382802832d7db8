import { Component, computed, input, linkedSignal, output, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type RegexHint, type RegexLabReport, type TriedLine } from '../api/generated/models';
import { addressPath } from '../ui/address-link';
import { formatExact, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { hintWords, outcomeWord, reasonWords } from './lab-words';
import { type Segment, segments } from './segments';

/** Lines that are drawn before a person asks for more, and how many more. */
const SHOWN = 100;
/** Groups that are the address, by fail2ban's names. */
const HOSTS: ReadonlySet<string> = new Set(['ip4', 'ip6', 'dns', 'fid']);

type Outcome = TriedLine['outcome'];

/** What came of a run of the lab. */
@Component({
  selector: 'bangui-regex-lab-report',
  imports: [HostileText, Icon, RouterLink],
  templateUrl: './regex-lab-report.html',
  styleUrl: './regex-lab-report.css',
})
export class RegexLabReportView {
  readonly report = input.required<RegexLabReport>();
  /** The person wants to change the regexes that were tried. */
  readonly taken = output();
  /** Whether the regexes are those of a filter, and so can be taken over. */
  readonly isOfFilter = input.required<boolean>();

  protected readonly outcome = signal<Outcome | null>(null);
  protected readonly limit = linkedSignal({ source: this.report, computation: () => SHOWN });
  private readonly numbered = computed(() =>
    this.report().lines.map((line, index) => ({ ...line, number: index + 1 })),
  );
  private readonly wanted = computed(() => {
    const outcome = this.outcome();
    return outcome === null ? this.numbered() : this.numbered().filter((line) => line.outcome === outcome);
  });
  protected readonly lines = computed(() => this.wanted().slice(0, this.limit()));
  protected readonly hidden = computed(() => this.wanted().length - this.lines().length);
  protected readonly hasNoTime = computed(() =>
    this.report().lines.some(({ outcome, time }) => outcome === 'matched' && time === null),
  );
  protected readonly choices = computed(() => {
    const { matched, missed, ignored } = this.report().totals;
    const choice = (value: Outcome | null, label: string, count: number) => ({
      value,
      label,
      count: formatNumber(count),
    });
    return [
      choice(null, $localize`All`, matched + missed + ignored),
      choice('matched', $localize`Matched`, matched),
      choice('missed', $localize`Missed`, missed),
      choice('ignored', $localize`Ignored`, ignored),
    ];
  });

  protected readonly word = outcomeWord;
  protected readonly reason = reasonWords;
  protected readonly hint = hintWords;
  protected readonly exact = formatExact;
  protected readonly number = formatNumber;
  protected readonly pathOf = addressPath;

  protected pieces({ text, groups }: TriedLine): readonly Segment[] {
    const spans = groups.flatMap(({ name, start, end }) =>
      start === null || end === null ? [] : [{ name, start, end }],
    );
    return segments(text, spans);
  }

  protected isHost(name: string | null): boolean {
    return name !== null && HOSTS.has(name);
  }

  /** Groups that are worth a word beside the line. */
  protected shownGroups({ groups }: TriedLine): TriedLine['groups'] {
    return groups.filter(({ name, value }) => !HOSTS.has(name) && value.trim() !== '');
  }

  protected weakPart(hint: RegexHint): readonly Segment[] {
    const { definition } = this.report();
    const regex = hint.index === null ? definition.prefregex : definition.failregex[hint.index]?.regex;
    return segments(regex ?? '', [{ name: 'weak', start: hint.position, end: hint.position + hint.length }]);
  }

  protected showMore(): void {
    this.limit.update((limit) => limit + SHOWN);
  }
}
