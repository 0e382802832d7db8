import { Component, inject } from '@angular/core';
import { Icon } from './icon';
import { type Toast, Toasts } from './toasts';

/** Where toasts appear: bottom right, above the bottom bar on a phone. Read out politely. */
@Component({
  selector: 'bangui-toast-region',
  imports: [Icon],
  template: `
    <div role="status" aria-live="polite" aria-atomic="false">
      @for (toast of toasts.shown(); track toast.id) {
        <div
          class="toast"
          [class]="toast.meaning"
          (mouseenter)="toasts.hold(toast.id)"
          (mouseleave)="toasts.release(toast.id)"
          (focusin)="toasts.hold(toast.id)"
          (focusout)="toasts.release(toast.id)"
        >
          @if (toast.progress === null) {
            <bangui-icon class="fg" [name]="iconOf(toast)" />
          } @else {
            <i class="dot run fg"></i>
          }
          <span class="grow">{{ toast.text }}</span>
          @if (toast.action; as action) {
            <button type="button" class="btn s t" (click)="act(toast)">{{ action.label }}</button>
          }
          <button
            type="button"
            class="btn ic s t q"
            aria-label="Dismiss"
            i18n-aria-label
            (click)="toasts.dismiss(toast.id)"
          >
            <bangui-icon name="x" />
          </button>
          @if (toast.progress !== null) {
            <span
              class="bar"
              role="progressbar"
              [attr.aria-label]="toast.text"
              aria-valuemin="0"
              aria-valuemax="100"
              [attr.aria-valuenow]="percent(toast)"
              ><i [style.width.%]="percent(toast)"></i
            ></span>
          }
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      position: fixed;
      right: 24px;
      bottom: 24px;
      z-index: 1100;
      width: 400px;
      max-width: calc(100vw - 24px);
    }
    :host > div {
      display: grid;
      gap: 8px;
    }
    .toast {
      position: relative;
      display: flex;
      gap: 10px;
      align-items: center;
      min-height: 44px;
      padding: 8px 8px 8px 14px;
      background: var(--surface-4);
      border: 1px solid var(--border);
      border-radius: var(--r-3);
      box-shadow: var(--shadow-2);
      font-size: var(--fs-13);
      line-height: 1.4;
      color: var(--text-strong);
      overflow: hidden;
      animation: bangui-rise var(--t-slide) var(--ease);
    }
    .grow {
      overflow-wrap: anywhere;
    }
    .bar {
      position: absolute;
      inset: auto 0 0;
      height: 3px;
      border-radius: 0;
      --c: var(--info-fg);
    }
    @keyframes bangui-rise {
      from {
        transform: translateY(8px);
        opacity: 0;
      }
    }
    @media (max-width: 599px) {
      :host {
        right: 12px;
        bottom: calc(var(--h-bottombar) + 12px);
      }
    }
  `,
})
export class ToastRegion {
  protected readonly toasts = inject(Toasts);

  protected iconOf(toast: Toast): 'confirmed' | 'danger' | 'info' | 'warning' {
    const icons = { ok: 'confirmed', watch: 'warning', danger: 'danger', info: 'info' } as const;
    return icons[toast.meaning];
  }

  protected percent(toast: Toast): number {
    return Math.round((toast.progress ?? 0) * 100);
  }

  protected act(toast: Toast): void {
    this.toasts.dismiss(toast.id);
    toast.action?.run();
  }
}
