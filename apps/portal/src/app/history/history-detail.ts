import { Component, computed, DestroyRef, ElementRef, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type HistoryRecord } from '../api/generated/models';
import { addressPath } from '../ui/address-link';
import { CopyText } from '../ui/copy-text';
import { formatExact } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { MatchedLines } from '../ui/matched-lines';
import { eventWords, originWords } from './event-words';

/** What is known of one event beyond its row: the lines that led to it, and who or what ended it. */
@Component({
  selector: 'bangui-history-detail',
  imports: [HostileText, MatchedLines, RouterLink],
  template: `
    @if (record().matches.length > 0) {
      <bangui-matched-lines [lines]="record().matches" [marks]="marks()" />
    } @else {
      <p class="muted small">{{ noLines() }}</p>
    }
    @if (record().reason; as reason) {
      <p class="small"><span class="muted" i18n>Reason:</span> <bangui-hostile-text [text]="reason" /></p>
    }
    <p class="acts small">
      <a [routerLink]="path()" i18n>Open {{ record().address }}</a>
      @if (record().matches.length > 0) {
        <button type="button" class="lnk" (click)="copy()" i18n>Copy lines</button>
      }
      <span class="muted">{{ said() }}</span>
    </p>
  `,
  styles: `
    :host {
      display: block;
      padding: 6px 14px 10px 46px;
      background: var(--surface-2);
      border-bottom: 1px solid var(--border-subtle);
    }
    p {
      padding-top: 6px;
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 18px;
      padding-top: 7px;
    }
    @media (max-width: 599px) {
      :host {
        padding: 6px 14px 12px;
      }
      .acts a,
      .lnk {
        min-height: 32px;
        display: inline-flex;
        align-items: center;
      }
    }
  `,
})
export class HistoryDetail {
  private readonly clipboard = inject(CopyText);

  readonly record = input.required<HistoryRecord>();
  readonly sought = input('');
  /** Its height in pixels, when it is known and whenever it changes. */
  readonly resized = output<number>();

  protected readonly path = computed(() => addressPath(this.record().address));
  protected readonly marks = computed(() => [this.record().address, this.sought()]);
  protected readonly noLines = computed(() =>
    this.record().action === 'ban'
      ? $localize`fail2ban kept no lines for this ban.`
      : $localize`The lines stand with the ban that ended here.`,
  );
  protected readonly said = computed(() => {
    const { failedAt, origin, action } = this.record();
    const parts = [eventWords(this.record()), formatExact(this.record().at)];
    if (action === 'ban') parts.push($localize`by ${originWords(origin)}:origin:`);
    if (failedAt !== null) parts.push($localize`last failure ${formatExact(failedAt)}:time:`);
    return parts.join(' · ');
  });

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const sizes = new ResizeObserver(() => this.resized.emit(element.offsetHeight));
    sizes.observe(element);
    inject(DestroyRef).onDestroy(() => sizes.disconnect());
  }

  protected copy(): void {
    void this.clipboard.copy(this.record().matches.join('\n'), $localize`The lines were copied.`);
  }
}
