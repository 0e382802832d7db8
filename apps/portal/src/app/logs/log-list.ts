import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { type LogRecordLine } from '../api/generated/models';
import { AddressLink } from '../ui/address-link';
import { formatExact, formatSecond } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { plainText } from '../ui/plain-text';
import { RowLayout } from '../ui/virtual-rows';

/** Heights of a row, pixels: a line, and two lines on a phone. The style sheet takes it from here. */
const HEIGHTS = { wide: 28, narrow: 64 } as const;
const NARROW = '(max-width: 599px)';
/** Drawn above and below what is in view, pixels. */
const BUFFER = 400;
/** This near to the end counts as the end, pixels. */
const NEAR = 40;

/** Lines of the log, of which only those in view are drawn. Stays at the end while it is there. */
@Component({
  selector: 'bangui-log-list',
  imports: [AddressLink, HostileText],
  templateUrl: './log-list.html',
  styleUrl: './log-list.css',
})
export class LogList {
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  readonly lines = input.required<readonly LogRecordLine[]>();

  protected readonly height = signal<number>(HEIGHTS.wide);
  private readonly seen = signal({ top: 0, bottom: 800 });
  private readonly layout = computed(() => new RowLayout(this.lines().length, this.height(), new Map()));
  protected readonly total = computed(() => this.layout().height);
  private readonly range = computed(
    () => {
      const { top, bottom } = this.seen();
      return { start: this.layout().indexAt(top - BUFFER), end: this.layout().indexAt(bottom + BUFFER) + 1 };
    },
    { equal: (one, other) => one.start === other.start && one.end === other.end },
  );
  protected readonly offset = computed(() => this.layout().offsetOf(this.range().start));
  protected readonly drawn = computed(() => this.lines().slice(this.range().start, this.range().end));
  protected readonly isAtEnd = signal(true);
  protected readonly openedId = signal<string | null>(null);
  protected readonly opened = computed(() => this.lines().find(({ id }) => id === this.openedId()) ?? null);
  private firstId: string | undefined;

  protected readonly second = formatSecond;
  protected readonly exact = formatExact;
  protected readonly plain = plainText;

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const narrow = matchMedia(NARROW);
      const resize = (): void => {
        this.height.set(narrow.matches ? HEIGHTS.narrow : HEIGHTS.wide);
        this.look();
        if (this.isAtEnd()) this.goToEnd();
      };
      const sizes = new ResizeObserver(resize);
      sizes.observe(this.box().nativeElement);
      destroyed.onDestroy(() => sizes.disconnect());
    });
    effect(() => {
      const lines = this.lines();
      this.keepPlace(lines);
    });
  }

  /** What the box shows now. */
  protected look(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.box().nativeElement;
    this.seen.set({ top: scrollTop, bottom: scrollTop + clientHeight });
    this.isAtEnd.set(scrollTop + clientHeight >= scrollHeight - NEAR);
  }

  protected goToEnd(): void {
    const box = this.box().nativeElement;
    // The box has its new height only when it is drawn.
    requestAnimationFrame(() => {
      box.scrollTop = box.scrollHeight;
      this.look();
    });
  }

  protected toggle({ id }: LogRecordLine): void {
    this.openedId.update((opened) => (opened === id ? null : id));
  }

  protected meaning({ level }: LogRecordLine): string {
    if (level === 'ERROR' || level === 'CRITICAL') return 'danger';
    return level === 'WARNING' ? 'watch' : '';
  }

  /** Lines that come in front or go there do not move those that are read. */
  private keepPlace(lines: readonly LogRecordLine[]): void {
    const before = this.firstId;
    this.firstId = lines[0]?.id;
    if (this.isAtEnd()) {
      this.goToEnd();
      return;
    }
    const added = before === undefined ? 0 : lines.findIndex(({ id }) => id === before);
    if (added <= 0) return;
    const box = this.box().nativeElement;
    const top = box.scrollTop + added * this.height();
    requestAnimationFrame(() => {
      box.scrollTop = top;
      this.look();
    });
  }
}
