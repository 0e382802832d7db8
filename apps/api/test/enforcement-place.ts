import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fail2banClient } from '@bangui/fail2ban';
import { AddressSet, Network, type SetChange } from '@bangui/ip';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../src/app.module.ts';
import { loadSettings } from '../src/core/config/load-settings.ts';
import { ProblemFilter } from '../src/core/http/problem.filter.ts';
import { validationPipe } from '../src/core/http/validation.ts';
import { createWebServer, dressWebServer } from '../src/core/http/web-server.ts';
import { FrameworkLog } from '../src/core/logging/framework-log.ts';
import { Log } from '../src/core/logging/log.ts';
import { type Wanted, type WantedDelta, WantedSource } from '../src/features/enforcement/index.ts';
import { ApiClient } from './api-client.ts';
import { adminCredentials } from './harness.ts';

/** A set of a few networks. */
export function setOf(...texts: string[]): AddressSet {
  return AddressSet.of(
    texts.map((text) => {
      const network = Network.parse(text);
      if (!network) throw new Error(`${text} is no network.`);
      return network;
    }),
  );
}

/** Lists that a test writes; the last few changes are remembered, so that differences can be asked for. */
export class TestLists extends WantedSource {
  private wanted: Wanted = this.made(1, AddressSet.empty, AddressSet.empty);
  private readonly before = new Map<number, Wanted>();
  private readonly listeners = new Set<() => void>();
  /** Why nothing is known; undefined when it is. */
  failure: string | undefined;

  /** Sets what is blocked and what is let through. @returns the new generation */
  set(blocked: AddressSet, allowed = AddressSet.empty, generation = this.wanted.generation + 1): number {
    this.before.set(this.wanted.generation, this.wanted);
    this.wanted = this.made(generation, blocked, allowed);
    for (const listener of this.listeners) listener();
    return generation;
  }

  current(): Promise<Wanted> {
    return this.failure === undefined ? Promise.resolve(this.wanted) : Promise.reject(new Error(this.failure));
  }

  delta(fromGeneration: number): Promise<WantedDelta | undefined> {
    const from = this.before.get(fromGeneration);
    if (!from) return Promise.resolve(undefined);
    const change = (part: 'blocked' | 'allowed'): SetChange => from[part].changeTo(this.wanted[part]);
    return Promise.resolve({
      generation: this.wanted.generation,
      blocked: change('blocked'),
      allowed: change('allowed'),
    });
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private made(generation: number, blocked: AddressSet, allowed: AddressSet): Wanted {
    return { generation, hash: blocked.contentHash(), blocked, allowed };
  }
}

/** The whole API with lists of the test's own and a socket for enforcers. */
export interface EnforcementApi {
  readonly app: NestFastifyApplication;
  readonly lists: TestLists;
  readonly admin: ApiClient;
  readonly url: string;
  readonly dir: string;
  readonly socket: string;
  stop(): Promise<void>;
}

/** Starts the API in this process. @param place folder of an API that was stopped, to start it again */
export async function startEnforcementApi({
  env = {},
  dir: place,
  lists = new TestLists(),
}: { env?: Readonly<Record<string, string>>; dir?: string; lists?: TestLists } = {}): Promise<EnforcementApi> {
  const dir = place ?? (await mkdtemp(join(tmpdir(), 'bgui-')));
  const socket = join(dir, 'enforcer.sock');
  const settings = loadSettings({
    BANGUI_PORT: '0',
    BANGUI_LOG_LEVEL: 'debug',
    BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
    BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
    BANGUI_ENFORCER_SOCKET: socket,
    BANGUI_ADMIN_USERNAME: adminCredentials.username,
    BANGUI_ADMIN_PASSWORD: adminCredentials.password,
    ...env,
  });
  const log = await Log.open({ level: 'debug', format: 'json', write: () => undefined });
  const testing = await Test.createTestingModule({ imports: [AppModule.with({ settings, log })] })
    .overrideProvider(WantedSource)
    .useValue(lists)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createWebServer(settings), {
    logger: new FrameworkLog(log),
    bodyParser: false,
  });
  app.setGlobalPrefix('api/v1');
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(validationPipe());
  await dressWebServer(app, settings, log);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const admin = new ApiClient(url);
  await admin.signIn(adminCredentials);
  return {
    app,
    lists,
    admin,
    url,
    dir,
    socket,
    stop: async () => {
      await app.get(Fail2banClient).close();
      await app.close();
    },
  };
}

/** Removes the folder of an API that was stopped. */
export async function removePlace(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
