import { Service, signal } from '@angular/core';

/** What a toast offers to do about it. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** A short message at the edge of the page. */
export interface Toast {
  readonly id: number;
  readonly meaning: 'ok' | 'watch' | 'danger' | 'info';
  readonly text: string;
  readonly action: ToastAction | null;
  /** Share done, 0 to 1, while something runs; null when nothing does. */
  readonly progress: number | null;
}

/** How long a toast stays, milliseconds. One with an action stays longer: a person has to read and reach it. */
const STAYS_MS = 6000;
const STAYS_WITH_ACTION_MS = 12_000;
const MOST = 4;

/** The toasts on the page. The region that draws them stands in the application's root. */
@Service()
export class Toasts {
  private readonly list = signal<readonly Toast[]>([]);
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private lastId = 0;

  readonly shown = this.list.asReadonly();

  /** Shows a toast and gives its id. */
  show(text: string, options: Partial<Pick<Toast, 'meaning' | 'action' | 'progress'>> = {}): number {
    const id = ++this.lastId;
    const toast: Toast = { id, text, meaning: 'ok', action: null, progress: null, ...options };
    this.list.update((list) => [...list.slice(-(MOST - 1)), toast]);
    this.startTimer(toast);
    return id;
  }

  /** Moves the bar of a running toast; does nothing when it was dismissed. */
  progress(id: number, share: number): void {
    this.list.update((list) => list.map((toast) => (toast.id === id ? { ...toast, progress: share } : toast)));
  }

  dismiss(id: number): void {
    this.hold(id);
    this.list.update((list) => list.filter((toast) => toast.id !== id));
  }

  /** Stops the clock of a toast that is being read. */
  hold(id: number): void {
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  /** Starts the clock of a toast again. */
  release(id: number): void {
    const toast = this.list().find((candidate) => candidate.id === id);
    if (toast) this.startTimer(toast);
  }

  private startTimer(toast: Toast): void {
    this.hold(toast.id);
    // A running one stays until it is replaced by its outcome.
    if (toast.progress !== null) return;
    const stays = toast.action ? STAYS_WITH_ACTION_MS : STAYS_MS;
    this.timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), stays),
    );
  }
}
