import { createHash } from 'node:crypto';
import { encodeWanted, type WantedVersion } from '@bangui/enforcement';
import { AddressSet, type SetChange } from '@bangui/ip';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { enforcementChanged } from './enforcement-events.ts';
import { EnforcementRepository } from './enforcement.repository.ts';
import { type Wanted, WantedSource } from './wanted-source.ts';

/** While somebody waits, the database is asked this often all the same, in milliseconds: another instance may have changed something. */
const lookEveryMs = 2_000;
/** Requests that may wait at once; others are answered at once. */
const maxWaiting = 500;
/** A whole message is kept this long for the next enforcer that asks, in milliseconds. */
const keepMs = 10_000;

const unchanged: SetChange = { added: AddressSet.empty, removed: AddressSet.empty };

/** What is wanted now. */
export interface CurrentWanted {
  readonly version: WantedVersion;
  readonly wanted: Wanted;
  /** Entity tag: another one for whatever an enforcer has to know. */
  readonly etag: string;
}

/** What enforcers are told of the wanted set. */
@Injectable()
export class WantedAnswers implements OnModuleInit, OnModuleDestroy {
  private readonly hashes = new WeakMap<AddressSet, string>();
  private readonly endings: (() => void)[] = [];
  private readonly wakers = new Set<() => void>();
  private full: { readonly etag: string; readonly bytes: Uint8Array } | undefined;
  private forgetting: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly source: WantedSource,
    private readonly repository: EnforcementRepository,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    const wake = (): void => this.wake();
    const stop = (): void => {
      this.isStopping = true;
      this.wake();
    };
    this.endings.push(
      this.source.onChange(wake),
      this.events.on(enforcementChanged, wake),
      this.lifecycle.onStop(stop),
      stop,
    );
  }

  onModuleDestroy(): void {
    clearTimeout(this.forgetting);
    for (const end of this.endings) end();
  }

  /** What is wanted now. Rejects when that is not known. */
  async current(): Promise<CurrentWanted> {
    // First the token: one that is too old only means that a later message has a higher one.
    const fencing = await this.repository.fencingToken();
    const [{ placement, resyncAt }, wanted] = await Promise.all([this.repository.policy(), this.source.current()]);
    const version: WantedVersion = {
      resync: resyncAt,
      fencing,
      generation: wanted.generation,
      blockedHash: this.hashOf(wanted.blocked),
      allowedHash: this.hashOf(wanted.allowed),
      placement,
    };
    const digest = createHash('sha256').update(JSON.stringify(version)).digest('hex').slice(0, 32);
    return { version, wanted, etag: `"${digest}"` };
  }

  /**
   * What is wanted, as soon as it is something else than `etag` stands for; or as it is after `waitMs`, or when the
   * client is gone.
   */
  async next(etag: string | undefined, waitMs: number, signal: AbortSignal): Promise<CurrentWanted> {
    const until = this.clock.monotonic() + waitMs;
    for (;;) {
      // Before looking, so that nothing is missed in between.
      const news = this.news(signal);
      try {
        const current = await this.current();
        const leftMs = until - this.clock.monotonic();
        const isFull = this.wakers.size > maxWaiting;
        if (current.etag !== etag || leftMs <= 0 || isFull || this.isStopping || signal.aborted) return current;
        await news.within(Math.min(leftMs, lookEveryMs));
      } finally {
        news.end();
      }
    }
  }

  /** The message for an enforcer that has a generation, or nothing. */
  async message({ version, wanted, etag }: CurrentWanted, from: number | undefined): Promise<Uint8Array> {
    if (from !== undefined) {
      const delta =
        from === version.generation
          ? { generation: from, blocked: unchanged, allowed: unchanged }
          : await this.source.delta(from);
      if (delta?.generation === version.generation && rangesOf(delta) < wanted.blocked.rangeCount + 100) {
        const { blocked, allowed } = delta;
        return encodeWanted({ kind: 'delta', version, from, blocked, allowed });
      }
    }
    if (this.full?.etag === etag) return this.full.bytes;
    const bytes = encodeWanted({ kind: 'full', version, blocked: wanted.blocked, allowed: wanted.allowed });
    this.full = { etag, bytes };
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => (this.full = undefined), keepMs).unref();
    return bytes;
  }

  private hashOf(set: AddressSet): string {
    const hash = this.hashes.get(set) ?? set.contentHash();
    this.hashes.set(set, hash);
    return hash;
  }

  private wake(): void {
    for (const waker of [...this.wakers]) waker();
  }

  private news(signal: AbortSignal): { within(ms: number): Promise<unknown>; end(): void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    this.wakers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    let timer: NodeJS.Timeout | undefined;
    return {
      within: (ms) => {
        timer = setTimeout(wake, ms);
        return promise;
      },
      end: () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.wakers.delete(wake);
      },
    };
  }
}

function rangesOf({ blocked, allowed }: { readonly blocked: SetChange; readonly allowed: SetChange }): number {
  return [blocked, allowed].reduce((sum, { added, removed }) => sum + added.rangeCount + removed.rangeCount, 0);
}
