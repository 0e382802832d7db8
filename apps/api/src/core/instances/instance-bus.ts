import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { messageText, readMessage } from './instance-message.ts';
import { InstanceTransport } from './instance-transport.ts';
import { type Topic } from './topic.ts';

/** Pause before what could not be sent is tried again, in milliseconds. */
const retryMs = 1_000;
/** Requests to read again that come this close together count as one, in milliseconds. */
const gatherMs = 50;

/** Hears of what another instance did. */
export interface TopicListener<T> {
  /** A payload that its topic has read. Whoever takes it still asks the database for anything that matters. */
  take(payload: T): void;
  /** Something may have been missed: after each connection, and in place of what was too big or could not be sent. */
  readAgain(): void;
}

interface Subscription {
  take(payload: unknown): void;
  readAgain(): void;
}

/**
 * Messages between the instances that share one database: small, at most once, never echoed. A message is a hint to look,
 * and no state lives in it, so that a lost one costs time and nothing else.
 */
@Injectable()
export class InstanceBus implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Another one at each start. */
  readonly instanceId = randomUUID();
  private readonly subscriptions = new Map<string, Set<Subscription>>();
  /** Topics of which something could not be sent. */
  private readonly unsent = new Set<string>();
  private readonly gathering = new Map<string, NodeJS.Timeout>();
  private retry: NodeJS.Timeout | undefined;
  private connectedNow = false;
  private hasStopped = false;

  constructor(
    private readonly transport: InstanceTransport,
    private readonly log: Log,
  ) {}

  /** Whether there may be other instances. */
  get isShared(): boolean {
    return this.transport.isShared;
  }

  /** Whether messages of others arrive now. While they do not, whoever relies on them looks for itself. */
  get isConnected(): boolean {
    return this.connectedNow;
  }

  onApplicationBootstrap(): void {
    this.transport.start({
      received: (text) => this.receive(text),
      connected: () => this.noteConnected(),
      lost: (reason) => this.noteLost(reason),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.hasStopped = true;
    clearTimeout(this.retry);
    for (const timer of this.gathering.values()) clearTimeout(timer);
    await this.transport.stop();
  }

  /** Tells all other instances. Never throws and waits for nothing; what cannot be sent becomes a request to read again. */
  publish<T>(topic: Topic<T>, payload: T): void {
    if (!this.isShared) return;
    void this.send(topic.name, messageText({ from: this.instanceId, topic: topic.name, payload }));
  }

  /** Subscribes. The returned function ends the subscription. */
  on<T>(topic: Topic<T>, listener: TopicListener<T>): () => void {
    const subscription: Subscription = {
      take: (payload) => {
        const read = topic.read(payload);
        if (read !== undefined) listener.take(read);
        else this.log.debug(logEvents.instanceMessageRefused, { topic: topic.name });
      },
      readAgain: () => listener.readAgain(),
    };
    const subscriptions = this.subscriptions.get(topic.name) ?? new Set<Subscription>();
    this.subscriptions.set(topic.name, subscriptions.add(subscription));
    return () => subscriptions.delete(subscription);
  }

  private receive(text: string): void {
    const message = readMessage(text);
    if (!message) {
      this.log.debug(logEvents.instanceMessageRefused, { bytes: Buffer.byteLength(text) });
      return;
    }
    if (message.from === this.instanceId) return;
    if (message.payload === undefined) this.gather(message.topic);
    else this.tell(message.topic, (subscription) => subscription.take(message.payload));
  }

  private noteConnected(): void {
    this.connectedNow = true;
    this.log.info(logEvents.instancesConnected);
    this.sendUnsent();
    for (const topic of this.subscriptions.keys()) this.gather(topic);
  }

  private noteLost(reason: string): void {
    if (!this.hasStopped && this.connectedNow) this.log.warn(logEvents.instancesLost, { reason });
    this.connectedNow = false;
  }

  /** Lets the listeners of a topic read again, once for all requests of the next moment. */
  private gather(topic: string): void {
    if (this.hasStopped || this.gathering.has(topic) || !this.subscriptions.has(topic)) return;
    const timer = setTimeout(() => {
      this.gathering.delete(topic);
      this.tell(topic, (subscription) => subscription.readAgain());
    }, gatherMs);
    this.gathering.set(topic, timer);
  }

  private tell(topic: string, deliver: (subscription: Subscription) => void): void {
    for (const subscription of [...(this.subscriptions.get(topic) ?? [])]) {
      try {
        deliver(subscription);
      } catch (error) {
        this.log.error(logEvents.listenerFailed, { event_name: topic, error });
      }
    }
  }

  private async send(topic: string, text: string): Promise<void> {
    try {
      await this.transport.send(text);
    } catch {
      // The transport has told why it is lost; here it matters only that others must read again.
      this.unsent.add(topic);
      this.retrySoon();
    }
  }

  private retrySoon(): void {
    if (this.hasStopped || this.retry !== undefined) return;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.sendUnsent();
    }, retryMs).unref();
  }

  private sendUnsent(): void {
    const topics = [...this.unsent];
    this.unsent.clear();
    for (const topic of topics) void this.send(topic, messageText({ from: this.instanceId, topic }));
  }
}
