import {
  afterNextRender,
  ApplicationRef,
  Component,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { Drawing, DrawingOption } from './drawing';

/** What is known when a chart is drawn. Colours must be read anew each time: the theme may have changed. */
export interface Surface {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** False when the person asked for less motion. */
  readonly isAnimated: boolean;
}

/** Where the pointer is, in pixels from the upper left corner, and what lies there. */
export interface PointedAt {
  readonly x: number;
  readonly y: number;
  /** Name of the shape or bar under the pointer. */
  readonly name: string | null;
  readonly drawing: Drawing;
}

type Engine = typeof import('./drawing');

/**
 * A drawing that follows its box, the theme and the wish for less motion. It loads ECharts when it first comes into view
 * and the page stands, with everything answered that it had asked for: words and numbers come before pictures. Where that
 * fails it stays empty: whoever uses it has a table beside it.
 */
@Component({
  selector: 'bangui-chart-canvas',
  template: '',
  styles: `
    :host {
      display: block;
      min-width: 0;
      overflow: hidden;
    }
  `,
})
export class ChartCanvas {
  /** Makes the chart; called again whenever a signal it reads, the size or the theme changes. Null draws nothing. */
  readonly draw = input.required<(surface: Surface, engine: Engine) => DrawingOption | null>();
  /** The pointer moved over the drawing; null when it left. */
  readonly pointed = output<PointedAt | null>();
  /** The drawing was clicked or tapped. */
  readonly picked = output<PointedAt>();

  private readonly app = inject(ApplicationRef);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly size = signal({ width: 0, height: 0 });
  private readonly theme = signal('');
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');
  private readonly engine = signal<Engine | null>(null);
  private drawing: Drawing | null = null;

  constructor() {
    const destroyed = inject(DestroyRef);
    let isGone = false;
    afterNextRender(() => {
      const themes = new MutationObserver(() => this.theme.set(document.documentElement.dataset['theme'] ?? ''));
      themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
      const boxes = new ResizeObserver(() => this.measure());
      boxes.observe(this.host);
      this.measure();
      const views = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          views.disconnect();
          void this.app.whenStable().then(() =>
            whenIdle(() => {
              if (!isGone) void this.load();
            }),
          );
        },
        { rootMargin: '200px' },
      );
      views.observe(this.host);
      destroyed.onDestroy(() => {
        themes.disconnect();
        boxes.disconnect();
        views.disconnect();
      });
    });
    destroyed.onDestroy(() => {
      isGone = true;
      this.drawing?.dispose();
    });
    effect(() => this.paint());
  }

  private async load(): Promise<void> {
    // The file may be gone after an update, or the network: the table beside the chart still has all of it.
    try {
      this.engine.set(await import('./drawing'));
    } catch {
      /* see above */
    }
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    const known = this.size();
    if (width !== known.width || height !== known.height) this.size.set({ width, height });
  }

  private paint(): void {
    const engine = this.engine();
    const { width, height } = this.size();
    this.theme();
    if (engine === null || width === 0 || height === 0) return;
    const option = this.draw()({ width, height, isAnimated: !this.calm.matches }, engine);
    if (option === null) {
      this.drawing?.clear();
      return;
    }
    this.drawing ??= this.start(engine);
    this.drawing.resize({ width, height });
    this.drawing.setOption(option, { notMerge: true });
  }

  private start(engine: Engine): Drawing {
    const drawing = engine.startDrawing(this.host);
    const canvas = drawing.getZr();
    let at: PointedAt = { x: 0, y: 0, name: null, drawing };
    // ECharts names what lies under the pointer only after it has told that the pointer moved.
    const named = (name: string | null): void => {
      at = { ...at, name };
      this.pointed.emit(at);
    };
    drawing.on('mouseover', (event) => named(event.name));
    drawing.on('mouseout', () => named(null));
    const moved = ({ offsetX: x, offsetY: y }: { offsetX: number; offsetY: number }): PointedAt => {
      at = { ...at, x, y };
      return at;
    };
    canvas.on('mousemove', (event) => this.pointed.emit(moved(event)));
    canvas.on('globalout', () => this.pointed.emit(null));
    canvas.on('click', (event) => this.picked.emit(moved(event)));
    return drawing;
  }
}

/** Runs it when the browser is idle, at the latest after half a second. */
function whenIdle(run: () => void): void {
  // Safari does not have it, whatever the types say.
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 500 });
  else setTimeout(run, 50);
}
