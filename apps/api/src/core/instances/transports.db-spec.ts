import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisServer } from '../../../test/redis-server.ts';
import { testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { Log } from '../logging/log.ts';
import { RedisConnection } from '../redis/index.ts';
import { InstanceBus } from './instance-bus.ts';
import { type InstanceTransport } from './instance-transport.ts';
import { installationId } from './installation-id.ts';
import { PostgresTransport } from './postgres-transport.ts';
import { RedisTransport } from './redis-transport.ts';
import { defineTopic, membersOf } from './topic.ts';

const texts = defineTopic<string>('texts', (payload) => {
  const { text } = membersOf({ text: payload });
  return typeof text === 'string' ? text : undefined;
});

let database: TestDatabase;
let redis: RedisServer;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await testDatabase('postgres');
  redis = await RedisServer.start();
});
afterAll(async () => {
  await database.close();
  await redis.stop();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function closeAtEnd(connection: RedisConnection): void {
  open.push({
    close: () => {
      connection.onApplicationShutdown();
      return Promise.resolve();
    },
  });
}

function urlOfDatabase(): string {
  const { options } = database.database.read;
  if (options.type !== 'postgres' || options.url === undefined) throw new Error('This is no PostgreSQL.');
  return options.url;
}

async function onServer(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: urlOfDatabase() });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe.each(['PostgreSQL', 'Redis'])('messages by %s', (way) => {
  async function transport(log: Log, id?: string): Promise<InstanceTransport> {
    if (way === 'PostgreSQL') return new PostgresTransport(urlOfDatabase());
    const connection = new RedisConnection({ redisUrl: redis.url }, log);
    closeAtEnd(connection);
    return new RedisTransport(connection, id ?? (await installationId(database.database)));
  }

  async function instance(id?: string) {
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const bus = new InstanceBus(await transport(log, id), log);
    const taken: string[] = [];
    let gaps = 0;
    bus.on(texts, {
      take: (text) => taken.push(text),
      readAgain: () => {
        gaps += 1;
      },
    });
    bus.onApplicationBootstrap();
    open.push({ close: () => bus.onApplicationShutdown() });
    await expect.poll(() => [bus.isConnected, gaps]).toEqual([true, 1]);
    return { bus, taken, gaps: () => gaps };
  }

  /** Cuts every connection of the transport, as a proxy or a restart would. */
  async function cut(): Promise<void> {
    if (way === 'Redis') {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      return;
    }
    const ended = await onServer(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bangui-instances' AND datname = current_database()",
    );
    expect(ended.length).toBeGreaterThan(0);
  }

  it('arrive at all others in order, whatever is in them', async () => {
    const [a, b, c] = [await instance(), await instance(), await instance()];
    const sent = [
      "'; DROP TABLE session; --",
      '\u0000\ud800 \u{1f600}',
      ...Array.from({ length: 300 }, (_, n) => `${n}`),
    ];
    for (const text of sent) a.bus.publish(texts, text);
    await expect.poll(() => [b.taken.length, c.taken.length]).toEqual([sent.length, sent.length]);
    expect(b.taken).toEqual(sent);
    expect(a.taken).toEqual([]);
  });

  it('become the request to read again when they are too big', async () => {
    const [a, b] = [await instance(), await instance()];
    a.bus.publish(texts, 'x'.repeat(8_000));
    await expect.poll(b.gaps).toBe(2);
    expect(b.taken).toEqual([]);
  });

  it('come again after the connection was cut, and what may have been missed is read', async () => {
    const [a, b] = [await instance(), await instance()];
    for (let round = 1; round <= 3; round += 1) {
      const before = [a.gaps(), b.gaps()] as const;
      await cut();
      // Each of them hears of it at a time of its own: one that is connected may still be about to lose that connection.
      await expect.poll(() => a.gaps() > before[0] && b.gaps() > before[1]).toBe(true);
      await expect.poll(() => a.bus.isConnected && b.bus.isConnected).toBe(true);
      a.bus.publish(texts, `after ${round}`);
      await expect.poll(() => b.taken).toContain(`after ${round}`);
    }
  });

  it('stop at once when the instance ends, and leave no connection', async () => {
    const { bus } = await instance();
    await bus.onApplicationShutdown();
    await expect
      .poll(async () =>
        way === 'Redis'
          ? (await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub')).includes('bangui')
          : (
              await onServer(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = 'bangui-instances' AND datname = current_database()",
              )
            ).length > 0,
      )
      .toBe(false);
  });
});

it('never cross from one installation to another that uses the same Redis', async () => {
  const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
  const heard: string[] = [];
  const [ours, theirs] = ['ours', 'theirs'].map((id) => {
    const connection = new RedisConnection({ redisUrl: redis.url }, log);
    closeAtEnd(connection);
    return new RedisTransport(connection, id);
  });
  const connected = Promise.withResolvers<boolean>();
  const listener = {
    received: (text: string) => heard.push(text),
    connected: () => connected.resolve(true),
    lost: () => undefined,
  };
  ours?.start(listener);
  await connected.promise;
  await theirs?.send('theirs');
  await ours?.send('ours');
  await expect.poll(() => heard).toEqual(['ours']);
  await ours?.stop();
});
