import { PrivateFail2ban, type PrivateFail2banOptions } from '@bangui/fail2ban/testing';
import { Client } from 'pg';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { type RunningApi, startApi, type StartOptions } from './harness.ts';
import { postgresMissing, startPostgres } from './postgres-server.ts';
import { type RedisServer } from './redis-server.ts';

/** An empty database of its own on a private PostgreSQL. */
export interface PrivateDatabase {
  readonly url: string;
  /** Runs one statement as the operator would. */
  query<Row extends object>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL with an empty database; rejects with what to install when there is none. */
export async function privateDatabase(): Promise<PrivateDatabase> {
  const server = await startPostgres();
  if (!server) throw new Error(postgresMissing);
  const run = async <Row extends object>(database: string, sql: string): Promise<Row[]> => {
    const client = new Client({ connectionString: `${server.url}/${database}` });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await run('postgres', 'CREATE DATABASE bangui_test');
  return {
    url: `${server.url}/bangui_test`,
    query: (sql) => run('bangui_test', sql),
    stop: () => server.stop(),
  };
}

/** Two instances that share everything but their memory. */
export interface TwoInstances {
  readonly a: RunningApi;
  readonly b: RunningApi;
  readonly fail2ban: PrivateFail2ban;
  readonly database: PrivateDatabase;
  stop(): Promise<void>;
}

/** Whether the instance hears of others: what it last said about that. */
export function isConnected(api: RunningApi): boolean {
  const said = api.logs().findLast((line) => /"event":"instances_(connected|lost)"/.test(line));
  return said?.includes('instances_connected') ?? false;
}

/** Starts them in front of one fail2ban; resolves when both know the jails and hear of each other. */
export async function startTwoInstances(
  options: PrivateFail2banOptions = {},
  { redis, ...start }: StartOptions & { readonly redis?: RedisServer } = {},
): Promise<TwoInstances> {
  const database = await privateDatabase();
  const fail2ban = await PrivateFail2ban.start(options);
  const env = {
    ...toolSettings(),
    BANGUI_DATABASE_URL: database.url,
    BANGUI_SCHEDULER_ROLE: 'standby',
    ...(redis && { BANGUI_REDIS_URL: redis.url }),
    ...start.env,
  };
  const a = await startApi({ ...start, fail2ban, env });
  const b = await startApi({ ...start, fail2ban, env });
  await eventually(async () => {
    for (const api of [a, b]) {
      const { body } = await api.admin.get<{ online: boolean }>('/api/v1/server');
      if (!body.online || !isConnected(api)) throw new Error('An instance is not ready yet.');
    }
  });
  return {
    a,
    b,
    fail2ban,
    database,
    stop: async () => {
      await b.stop();
      await a.stop();
      await fail2ban[Symbol.asyncDispose]();
      await database.stop();
    },
  };
}
