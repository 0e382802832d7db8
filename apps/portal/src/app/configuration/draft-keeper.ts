import { DestroyRef, effect, inject, Injectable, signal, untracked } from '@angular/core';
import { Api } from '../api/generated/api';
import { draftsDiscard } from '../api/generated/fn/drafts/drafts-discard';
import { draftsDraft } from '../api/generated/fn/drafts/drafts-draft';
import { draftsKeep } from '../api/generated/fn/drafts/drafts-keep';
import { type ConfigurationDraft, type DraftToKeep } from '../api/generated/models';

/** How long nothing must be typed before it is kept, milliseconds. */
const PAUSE_MS = 800;

/** What is typed on a page, without where it belongs. */
export type Typed = Omit<DraftToKeep, 'path'>;

/**
 * Keeps what is typed on a page at the server while it is not applied, and offers it when the page is opened again. As long as
 * an offer is open nothing is kept over it. One for each page: provide it there.
 */
@Injectable()
export class DraftKeeper {
  private readonly api = inject(Api);
  private readonly destroyed = inject(DestroyRef);

  /** A draft of an earlier visit that nobody has decided about; null when there is none. */
  readonly offered = signal<ConfigurationDraft | null>(null);

  private readonly path = signal<string | null>(null);
  /** Whether the server has said if there is a draft, and it was decided about. */
  private readonly isDecided = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: DraftToKeep | undefined;
  /** Whether the server has what was typed here. */
  private isKept = false;
  /** One request after the other: the last one decides what is kept. */
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Begins. Needs an injection context.
   * @param path of the file in which the change would be made; null as long as it is not known, or where nothing is kept
   * @param typed null while there is nothing that is not applied
   */
  follow(path: () => string | null, typed: () => Typed | null): void {
    effect(() => {
      const now = path();
      untracked(() => this.open(now));
    });
    effect(() => {
      const [at, what] = [this.path(), typed()];
      if (at === null || !this.isDecided()) return;
      if (what) this.keepSoon({ path: at, ...what });
      else this.forget(at);
    });
    this.destroyed.onDestroy(() => this.keepNow());
  }

  /** Takes the offer: what was kept is typed again from now on. */
  take(): ConfigurationDraft | null {
    const draft = this.offered();
    this.isKept = draft !== null;
    this.offered.set(null);
    this.isDecided.set(true);
    return draft;
  }

  /** Turns the offer down for good. */
  discard(): void {
    const draft = this.offered();
    this.offered.set(null);
    if (draft) this.send(() => this.api.invoke(draftsDiscard, { path: draft.path }));
    this.isDecided.set(true);
  }

  private open(path: string | null): void {
    if (path === this.path()) return;
    this.keepNow();
    this.path.set(path);
    this.offered.set(null);
    this.isDecided.set(false);
    this.isKept = false;
    if (path === null) return;
    this.send(async () => {
      const { draft } = await this.api.invoke(draftsDraft, { path });
      if (path !== this.path()) return;
      this.offered.set(draft);
      this.isDecided.set(draft === null);
    });
  }

  private keepSoon(draft: DraftToKeep): void {
    this.waiting = draft;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepNow(), PAUSE_MS);
  }

  private keepNow(): void {
    clearTimeout(this.timer);
    const body = this.waiting;
    this.waiting = undefined;
    if (!body) return;
    this.isKept = true;
    this.send(() => this.api.invoke(draftsKeep, { body }));
  }

  private forget(path: string): void {
    clearTimeout(this.timer);
    this.waiting = undefined;
    if (!this.isKept) return;
    this.isKept = false;
    this.send(() => this.api.invoke(draftsDiscard, { path }));
  }

  private send(request: () => Promise<unknown>): void {
    // Without the server nothing is kept, and typing goes on as it would anyway.
    this.last = this.last.then(request).catch(() => undefined);
  }
}
