import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { redisPassword, RedisServer } from '../../../test/redis-server.ts';
import { Log } from '../logging/log.ts';
import { RedisConnection, RedisUnavailable } from './index.ts';

let server: RedisServer;
const opened: RedisConnection[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
});
afterAll(() => server.stop());
afterEach(() => {
  for (const connection of opened.splice(0)) connection.onApplicationShutdown();
});

async function connectionTo(redisUrl: string, lines: string[] = []): Promise<RedisConnection> {
  const log = await Log.open({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  const connection = new RedisConnection({ redisUrl }, log);
  opened.push(connection);
  return connection;
}

async function connectedClients(): Promise<number> {
  const list = await server.command('CLIENT', 'LIST');
  return list.split('\n').filter((line) => line.includes(' name=bangui ')).length;
}

it('connects at the first command and uses one connection for all', async () => {
  const connection = await connectionTo(server.url);
  expect(await connectedClients()).toBe(0);
  const answers = await Promise.all([1, 2, 3].map(() => connection.run((redis) => redis.incr('counter'))));
  expect(answers).toEqual([1, 2, 3]);
  expect(await connectedClients()).toBe(1);
});

it('closes every connection at the end', async () => {
  const connection = await connectionTo(server.url);
  await connection.run((redis) => redis.ping());
  const subscriber = connection.open();
  await subscriber.connect();
  await subscriber.subscribe('channel');
  // Redis may still have to hear that those of the test before are gone.
  await expect.poll(connectedClients).toBe(2);
  connection.onApplicationShutdown();
  await expect.poll(connectedClients).toBe(0);
  await expect(connection.run((redis) => redis.ping())).rejects.toBeInstanceOf(RedisUnavailable);
});

it('fails a command while Redis is gone and goes on by itself when it is back; says each once', async () => {
  const lines: string[] = [];
  const connection = await connectionTo(server.url, lines);
  await connection.run((redis) => redis.ping());
  await server.kill();
  await expect(connection.run((redis) => redis.ping())).rejects.toBeInstanceOf(RedisUnavailable);
  await server.restart();
  await expect.poll(() => connection.run((redis) => redis.ping()).catch(() => '')).toBe('PONG');
  const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  expect(events).toEqual(['redis_unavailable', 'redis_available']);
});

it('waits for the answer of a Redis that hangs no longer than its limit', async () => {
  const connection = await connectionTo(server.url);
  await connection.run((redis) => redis.ping());
  server.pause();
  try {
    await expect(connection.run((redis) => redis.ping())).rejects.toThrow(/Command timed out/);
  } finally {
    server.resume();
  }
  await expect.poll(() => connection.run((redis) => redis.ping()).catch(() => '')).toBe('PONG');
});

it('never tells the password, not even when Redis refuses it', async () => {
  const lines: string[] = [];
  const wrong = server.url.replace(redisPassword, 'another-secret');
  const connection = await connectionTo(wrong, lines);
  const error = await connection.run((redis) => redis.ping()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RedisUnavailable);
  expect(lines.join()).toContain('redis_unavailable');
  expect(lines.join() + JSON.stringify(error) + String(error)).not.toContain('another-secret');
});
