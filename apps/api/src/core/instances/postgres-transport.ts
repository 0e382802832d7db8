import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { InstanceTransport, type TransportListener } from './instance-transport.ts';

const channel = 'bangui_instances';
/** Longest wait for a connection and for an answer, in milliseconds. */
const limitMs = 5_000;
/** A connection that says nothing is asked this often whether it is still there, in milliseconds. */
const probeMs = 10_000;
/** Pauses between attempts to connect, in milliseconds. */
const firstPauseMs = 100;
const maxPauseMs = 2_000;
/** Texts that may wait to be sent; more are refused. */
const maxWaiting = 1_000;
/** Time for closing, in milliseconds. */
const closeMs = 1_000;

/** LISTEN and NOTIFY of PostgreSQL, on a connection of its own because others go back to their pool. */
export class PostgresTransport extends InstanceTransport {
  readonly isShared = true;
  private client: Client | undefined;
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** Tail of the statements. */
  private turns: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly url: string) {
    super();
  }

  start(listener: TransportListener): void {
    this.running = this.run(listener);
  }

  send(text: string): Promise<void> {
    if (this.waiting >= maxWaiting) return Promise.reject(new Error('Too much is waiting to be sent.'));
    return this.inTurn('SELECT pg_notify($1, $2)', [channel, text]);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  /** One after the other: a connection does one thing at a time. */
  private inTurn(sql: string, values: readonly string[] = []): Promise<void> {
    this.waiting += 1;
    const result = this.turns
      .then(async () => {
        if (!this.client) throw new Error('There is no connection.');
        await this.client.query(sql, [...values]);
      })
      .finally(() => {
        this.waiting -= 1;
      });
    this.turns = result.catch(() => undefined);
    return result;
  }

  private async run(listener: TransportListener): Promise<void> {
    const { signal } = this.stopped;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const wasConnected = await this.listen(listener);
      pauseMs = wasConnected ? firstPauseMs : Math.min(pauseMs * 2, maxPauseMs);
      // Rejects when BanGUI stops.
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Connects and listens until the connection ends. Never rejects; resolves to whether there was one. */
  private async listen(listener: TransportListener): Promise<boolean> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'bangui-instances',
      keepAlive: true,
      connectionTimeoutMillis: limitMs,
      query_timeout: limitMs,
    });
    const end = Promise.withResolvers<string>();
    client.on('error', ({ message }) => end.resolve(message));
    client.on('end', () => end.resolve('The connection was closed.'));
    client.on('notification', ({ payload }) => listener.received(payload ?? ''));
    const abort = (): void => end.resolve('BanGUI stops.');
    this.stopped.signal.addEventListener('abort', abort);
    let isConnected = false;
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.client = client;
      isConnected = true;
      listener.connected();
      const probe = setInterval(() => {
        this.inTurn('SELECT 1').catch((error: unknown) => end.resolve(wordsOf(error)));
      }, probeMs).unref();
      const reason = await end.promise;
      clearInterval(probe);
      listener.lost(reason);
    } catch (error) {
      // Not there, or it refuses us; the next attempt follows.
      listener.lost(wordsOf(error));
    } finally {
      this.stopped.signal.removeEventListener('abort', abort);
      this.client = undefined;
      // A connection that is cut on the other side only would never say goodbye.
      await Promise.race([client.end().catch(() => undefined), pause(closeMs, undefined, { ref: false })]);
    }
    return isConnected;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
