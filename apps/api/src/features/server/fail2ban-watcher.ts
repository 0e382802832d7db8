import { stat } from 'node:fs/promises';
import {
  AnswerNotUnderstood,
  Fail2banClient,
  Fail2banOffline,
  Fail2banTimeout,
  type JailCounters,
} from '@bangui/fail2ban';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { InstanceBus } from '../../core/instances/index.ts';
import { ClientHealth, Fail2banProblem, Fail2banWork, maxSilenceMs } from '../../core/fail2ban/index.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { fail2banTouched } from './fail2ban-touched.ts';
import { JailUnknown } from './jail-unknown.ts';
import { offlineReason } from './offline-reason.ts';
import { jailsCounted, serverChanged, type ServerState } from './server-events.ts';

/** Pause between two polls, in milliseconds. */
const intervalMs = 500;
/** Least time a poll gets, in milliseconds, however long ago the last answer was. */
const leastLimitMs = 250;
/** A silence that is shorter says nothing: fail2ban had hardly begun. In milliseconds. */
const leastSilenceMs = 100;

/** Keeps looking at fail2ban: whether it is there, which jails it has, and their figures. */
@Injectable()
export class Fail2banWatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private current: ServerState;
  private known: ReadonlyMap<string, JailCounters> = new Map();
  /** Connections made so far; moves on when the kept connection is a new one. */
  private connections = 0;
  /** The connection that `known` was read from. */
  private generation = 0;
  private answeredAt: number;
  private isStopped = false;
  private isPollWaiting = false;
  /** Tail of the queue of polls: only one runs at a time. */
  private turns: Promise<void> = Promise.resolve();
  private endPause: () => void = () => undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Fail2banClient,
    private readonly health: ClientHealth,
    private readonly work: Fail2banWork,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly bus: InstanceBus,
    private readonly log: Log,
  ) {
    this.current = {
      isOnline: false,
      since: clock.now(),
      version: null,
      startedAt: null,
      reason: 'fail2ban was not asked yet.',
      reasonCode: 'not-asked',
      reasonParams: null,
    };
    this.answeredAt = clock.monotonic();
    client.onConnectionChange((isConnected) => {
      if (isConnected) this.connections += 1;
      // A lost connection is looked at now instead of after the pause.
      else this.endPause();
    });
  }

  /** What is known of the server as a whole. */
  get state(): ServerState {
    return this.current;
  }

  /** The jails of the server with their latest figures, by name. The last known ones while it is offline. */
  get jails(): ReadonlyMap<string, JailCounters> {
    return this.known;
  }

  /** @throws {Fail2banProblem} `fail2ban-offline`, with the reason, when there is nobody to ask */
  requireOnline(): void {
    if (!this.current.isOnline) {
      throw new Fail2banProblem('fail2ban-offline', 503, this.current.reason ?? 'fail2ban cannot be reached.');
    }
  }

  /** @throws {JailUnknown} when the server does not have the jail; {@link requireOnline} when that cannot be known */
  requireJail(name: string): JailCounters {
    this.requireOnline();
    const jail = this.known.get(name);
    if (!jail) throw new JailUnknown(name);
    return jail;
  }

  onApplicationBootstrap(): void {
    // What another instance has just changed is looked at now instead of after the pause.
    this.bus.on(fail2banTouched, { take: () => this.pollSoon(), readAgain: () => this.pollSoon() });
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.endPause();
    await this.loop;
  }

  /** Polls now; resolves when what it found has been told. Never rejects. */
  refresh(): Promise<void> {
    return this.poll();
  }

  /** Tells the failure of another command of ours: without an answer within its limit the server counts as offline. */
  report(error: unknown): void {
    this.judge(error);
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      await this.poll();
      await this.pause();
    }
  }

  /** A method, so that the loop sees what shutdown changes. */
  private pause(): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A poll that waits for its turn is enough for all who want one. */
  private pollSoon(): void {
    if (this.isPollWaiting || this.isStopped) return;
    this.isPollWaiting = true;
    this.turns = this.turns.then(() => {
      this.isPollWaiting = false;
      return this.turn();
    });
  }

  private poll(): Promise<void> {
    this.turns = this.turns.then(() => this.turn());
    return this.turns;
  }

  private async turn(): Promise<void> {
    try {
      const counters = await this.client.counters({ timeoutMs: this.limit() });
      const isNewGeneration = this.connections !== this.generation || !this.current.isOnline;
      const generation = this.connections;
      if (isNewGeneration) await this.greet();
      this.answeredAt = this.clock.monotonic();
      this.health.heard(true);
      this.generation = generation;
      this.tellDifferences(counters, isNewGeneration);
    } catch (error) {
      this.judge(error);
    }
  }

  /** An idle fail2ban has 3 s from its last answer; one that was silent already gets the same for each question. */
  private limit(): number {
    if (!this.current.isOnline) return maxSilenceMs;
    return Math.max(leastLimitMs, maxSilenceMs - (this.clock.monotonic() - this.answeredAt));
  }

  /** A new connection may lead to another server. */
  private async greet(): Promise<void> {
    const version = await this.client.version({ timeoutMs: maxSilenceMs });
    const startedAt = await this.socketMadeAt();
    const { isOnline, ...known } = this.current;
    const isReturn = !isOnline;
    if (isOnline && version === known.version && startedAt === known.startedAt) return;
    this.current = {
      isOnline: true,
      since: isReturn ? this.clock.now() : this.current.since,
      version,
      startedAt,
      reason: null,
      reasonCode: null,
      reasonParams: null,
    };
    this.log.info(logEvents.fail2banOnline, { version });
    this.events.emit(serverChanged, this.current);
  }

  /** fail2ban makes its socket anew at each start and never writes to the file. */
  private async socketMadeAt(): Promise<number | null> {
    try {
      return Math.round((await stat(this.settings.fail2banSocket)).mtimeMs);
    } catch {
      // Gone this very moment, or its folder may not be read.
      return null;
    }
  }

  private tellDifferences(jails: ReadonlyMap<string, JailCounters>, isNewGeneration: boolean): void {
    const before = this.known;
    this.known = jails;
    const changed = new Map([...jails].filter(([name, jail]) => isNewGeneration || !isSame(before.get(name), jail)));
    const gone = [...before.keys()].filter((name) => !jails.has(name));
    if (changed.size === 0 && gone.length === 0 && !isNewGeneration) return;
    this.events.emit(jailsCounted, { generation: this.generation, isNewGeneration, changed, gone });
  }

  private judge(error: unknown): void {
    // The poll only waited behind a command of ours that may still take its time.
    const hasWaited = error instanceof Fail2banTimeout && !error.sent;
    if (this.current.isOnline && hasWaited && this.work.isOurs) return;
    // Or behind one that ended when the poll's time was as good as over.
    const isEarly = error instanceof Fail2banTimeout && error.sent && error.workedMs < leastSilenceMs;
    if (this.current.isOnline && isEarly) return;
    if (this.current.isOnline && error instanceof Fail2banTimeout && this.work.isOfOthers) return;
    const isAbsent =
      error instanceof Fail2banOffline || error instanceof Fail2banTimeout || error instanceof AnswerNotUnderstood;
    if (!isAbsent) {
      // fail2ban answered with a refusal, for example because a jail went away while we asked about it.
      this.answeredAt = this.clock.monotonic();
      this.log.debug(logEvents.fail2banPollRefused, { error });
      return;
    }
    this.health.heard(false);
    const why = offlineReason(error, this.settings.fail2banSocket);
    if (!this.current.isOnline && this.current.reason === why.reason) return;
    const since = this.current.isOnline ? this.clock.now() : this.current.since;
    const wasOnline = this.current.isOnline;
    this.current = { ...this.current, isOnline: false, since, ...why };
    if (wasOnline) this.log.warn(logEvents.fail2banOffline, { reason: why.reason });
    this.events.emit(serverChanged, this.current);
  }
}

function isSame(one: JailCounters | undefined, other: JailCounters): boolean {
  return (
    one !== undefined &&
    one.currentlyFailed === other.currentlyFailed &&
    one.totalFailed === other.totalFailed &&
    one.currentlyBanned === other.currentlyBanned &&
    one.totalBanned === other.totalBanned
  );
}
