import { type ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { AppError } from '../../core/http/app-error.ts';
import { type Requester } from '../../core/http/requester.ts';
import { InstanceBus } from '../../core/instances/index.ts';
import { Lifecycle } from '../../core/lifecycle/lifecycle.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { version } from '../../core/version.ts';
import { sessionEnded, sessionsEnded, SessionsService } from '../auth/index.ts';
import { eventFrame } from './event-ring.ts';
import { LiveFeed } from './live-feed.ts';

/** Streams at once, in all and of one session. */
const maxStreams = 64;
const maxStreamsOfSession = 8;
/** Proxies close what is silent; a comment keeps the stream open. In milliseconds. */
const heartbeatMs = 15_000;
/** A client that has this many bytes waiting does not read; it is dropped and may come back. */
const maxWaitingBytes = 1024 * 1024;
/** Events that happen while a client is sent what it missed; with more it is dropped and may come back. */
const maxBehind = 10_000;
/** A client that takes longer than this for a page of what it missed does not read. In milliseconds. */
const drainMs = 10_000;
/** Time for the last words to a client, in milliseconds. */
const farewellMs = 1_000;
/** Pause of the browser before it connects again, and before a session is looked up again, in milliseconds. */
const retryMs = 2_000;
/** Longest time a timer can be set to. */
const maxTimerMs = 2_147_483_647;

/** Too many event streams are open. */
export class TooManyStreams extends AppError {
  readonly code = 'too-many-streams';
  readonly status = 429;
  constructor() {
    super('Too many event streams are open. Close some tabs.', { headers: { 'retry-after': '30' } });
  }
}

interface Stream {
  readonly response: ServerResponse;
  readonly sessionId: string;
  /** Ends with its session. */
  expiry: NodeJS.Timeout | undefined;
  stopListening: () => void;
  /** Frames that wait until what was missed has been sent; undefined when nothing is being sent. */
  behind: string[] | undefined;
}

/** The open event streams. Each is bounded in what may wait for its client, and ends with its session. */
@Injectable()
export class LiveStreams implements OnModuleInit, OnModuleDestroy {
  private readonly streams = new Set<Stream>();
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly feed: LiveFeed,
    private readonly sessions: SessionsService,
    private readonly lifecycle: Lifecycle,
    private readonly events: EventBus,
    private readonly bus: InstanceBus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Event streams that are open. */
  get count(): number {
    return this.streams.size;
  }

  onModuleInit(): void {
    this.lifecycle.onStop(() => this.endAll());
    this.events.on(sessionEnded, ({ sessionId }) => this.endSession(sessionId));
    // A message may come from anybody who reaches the database or Redis, so the sessions are looked up.
    this.bus.on(sessionsEnded, {
      take: ({ ids }) => this.lookUp(({ sessionId }) => ids.includes(sessionId)),
      readAgain: () => this.lookUp(),
    });
    this.heartbeat = setInterval(() => {
      for (const stream of this.streams) this.send(stream, ':\n\n');
      if (this.bus.isShared && !this.bus.isConnected) this.lookUp();
    }, heartbeatMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.heartbeat);
    this.endAll();
  }

  /**
   * Makes the answer an event stream.
   * @param lastEventId id of the last event the client has, from whatever it says
   * @throws {TooManyStreams}
   */
  open(reply: FastifyReply, { sessionId }: Requester, lastEventId: string | undefined): void {
    const ofSession = [...this.streams].filter((stream) => stream.sessionId === sessionId).length;
    if (this.streams.size >= maxStreams || ofSession >= maxStreamsOfSession) throw new TooManyStreams();
    reply.hijack();
    const response = reply.raw;
    // What other parts set for every answer: security headers, cross-origin rules, the request id.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) response.setHeader(name, value);
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const stream: Stream = {
      response,
      sessionId,
      expiry: undefined,
      stopListening: () => undefined,
      behind: undefined,
    };
    this.streams.add(stream);
    response.on('close', () => this.forget(stream));
    // A reset by the client; `close` follows.
    response.on('error', () => undefined);
    // Nothing may happen between this and the replay, so that each event is sent once.
    stream.stopListening = this.feed.subscribe((frame) => this.sendInOrder(stream, frame));
    this.greet(stream, lastEventId);
    void this.watchExpiry(stream);
  }

  private greet(stream: Stream, lastEventId: string | undefined): void {
    const missed = lastEventId === undefined || lastEventId === '' ? undefined : this.feed.missedAfter(lastEventId);
    const hello = { serverTime: this.clock.now(), version };
    this.send(stream, `retry: ${retryMs}\n\n`);
    // From here on the client can resume, even if nothing happens before it is cut off. One that has missed something can
    // so only when that was sent.
    const canResume = !missed || missed.kind === 'unknown';
    this.send(stream, eventFrame('hello', hello, canResume ? this.feed.ring.lastId : undefined));
    if (missed?.kind === 'archived') {
      void this.catchUp(stream, missed.after, missed.upTo);
      return;
    }
    if (missed?.kind === 'told') for (const frame of missed.frames) this.send(stream, frame);
    else if (missed) this.send(stream, eventFrame('resync', {}));
    this.sendState(stream);
  }

  /** How things are; with an id of this run the client goes on from it. */
  private sendState(stream: Stream, id?: string): void {
    this.send(stream, eventFrame('server', this.feed.currentServer(), id));
    this.send(stream, eventFrame('jails', this.feed.currentJails()));
  }

  /** Sends what the archive has between two events, and then what happened meanwhile. */
  private async catchUp(stream: Stream, after: number, upTo: number): Promise<void> {
    const id = this.feed.ring.lastId;
    stream.behind = [];
    try {
      for await (const frames of this.feed.archivedFrames(after, upTo)) {
        if (!frames) this.send(stream, eventFrame('resync', {}));
        else for (const frame of frames) this.send(stream, frame);
        if (!this.streams.has(stream)) return;
        await drained(stream.response);
      }
    } catch (error) {
      this.log.warn(logEvents.archiveNotRead, { error });
      this.end(stream);
      return;
    }
    const waiting = stream.behind;
    stream.behind = undefined;
    this.sendState(stream, id);
    for (const frame of waiting) this.send(stream, frame);
  }

  private sendInOrder(stream: Stream, frame: string): void {
    if (!stream.behind) {
      this.send(stream, frame);
      return;
    }
    stream.behind.push(frame);
    if (stream.behind.length <= maxBehind) return;
    this.log.warn(logEvents.streamDropped, { waitingEvents: stream.behind.length });
    this.end(stream, eventFrame('resync', {}));
  }

  private send(stream: Stream, frame: string): void {
    if (!this.streams.has(stream)) return;
    stream.response.write(frame);
    if (stream.response.writableLength <= maxWaitingBytes) return;
    this.log.warn(logEvents.streamDropped, { waitingBytes: stream.response.writableLength });
    this.end(stream, eventFrame('resync', {}));
  }

  /** Looks up the sessions of these streams again and ends those without one. */
  private lookUp(isDoubted: (stream: Stream) => boolean = () => true): void {
    for (const stream of this.streams) if (isDoubted(stream)) void this.watchExpiry(stream);
  }

  private async watchExpiry(stream: Stream): Promise<void> {
    const expiresAt = await this.expiryOf(stream.sessionId);
    if (!this.streams.has(stream)) return;
    clearTimeout(stream.expiry);
    if (expiresAt === 'unknown') {
      stream.expiry = setTimeout(() => void this.watchExpiry(stream), retryMs).unref();
      return;
    }
    const leftMs = (expiresAt ?? 0) - this.clock.now();
    if (leftMs <= 0) {
      this.endOfSession(stream);
      return;
    }
    // Looked up again then: a session that is used lives longer.
    stream.expiry = setTimeout(() => void this.watchExpiry(stream), Math.min(leftMs + 1, maxTimerMs)).unref();
  }

  private async expiryOf(sessionId: string): Promise<number | undefined | 'unknown'> {
    try {
      return await this.sessions.expiryOf(sessionId);
    } catch {
      // The database is away, so nobody can sign in or out; asked again until it is back.
      return 'unknown';
    }
  }

  private endSession(sessionId: string): void {
    for (const stream of [...this.streams]) if (stream.sessionId === sessionId) this.endOfSession(stream);
  }

  private endOfSession(stream: Stream): void {
    this.end(stream, eventFrame('session-ended', {}));
  }

  private endAll(): void {
    for (const stream of [...this.streams]) this.end(stream);
  }

  private end(stream: Stream, lastWords = ''): void {
    this.forget(stream);
    stream.response.end(lastWords);
    // A client that does not read would keep the connection open for ever.
    setTimeout(() => stream.response.destroy(), farewellMs).unref();
  }

  private forget(stream: Stream): void {
    this.streams.delete(stream);
    clearTimeout(stream.expiry);
    stream.stopListening();
  }
}

/** Resolves when the client has taken what was sent, or has gone, or time is over. */
function drained(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, drainMs);
    function done(): void {
      clearTimeout(timer);
      response.off('drain', done);
      response.off('close', done);
      resolve();
    }
    response.on('drain', done);
    response.on('close', done);
  });
}
