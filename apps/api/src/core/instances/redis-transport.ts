import { type Redis } from 'ioredis';
import { type RedisConnection } from '../redis/index.ts';
import { InstanceTransport, type TransportListener } from './instance-transport.ts';

/** A connection that says nothing is asked this often whether it is still there, in milliseconds. */
const probeMs = 10_000;

/**
 * Publish and subscribe of Redis. A Redis may serve several installations, and its channels know no databases, so the
 * channel carries the id of ours.
 */
export class RedisTransport extends InstanceTransport {
  readonly isShared = true;
  private subscriber: Redis | undefined;
  private probe: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: RedisConnection,
    private readonly installationId: string,
  ) {
    super();
  }

  private get channel(): string {
    return `bangui:${this.installationId}:instances`;
  }

  start(listener: TransportListener): void {
    const subscriber = this.connection.open();
    this.subscriber = subscriber;
    subscriber.on('message', (_channel, text) => listener.received(text));
    subscriber.on('ready', () => {
      subscriber.subscribe(this.channel).then(
        () => listener.connected(),
        // It is cut again; the next `ready` follows.
        () => subscriber.disconnect(true),
      );
    });
    subscriber.on('close', () => listener.lost('The connection to Redis is closed.'));
    // Its failure is reported by the connection; the next attempt follows by itself.
    subscriber.connect().catch(() => undefined);
    this.probe = setInterval(() => {
      if (subscriber.status === 'ready') subscriber.ping().catch(() => subscriber.disconnect(true));
    }, probeMs).unref();
  }

  async send(text: string): Promise<void> {
    await this.connection.run((redis) => redis.publish(this.channel, text));
  }

  stop(): Promise<void> {
    clearInterval(this.probe);
    this.subscriber?.disconnect();
    return Promise.resolve();
  }
}
