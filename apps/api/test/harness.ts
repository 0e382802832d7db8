import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fail2banClient } from '@bangui/fail2ban';
import { type PrivateFail2ban } from '@bangui/fail2ban/testing';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, type AppOverrides } from '../src/bootstrap.ts';
import { loadSettings } from '../src/core/config/load-settings.ts';
import { PasswordCost } from '../src/features/auth/index.ts';
import { PluginPlaces } from '../src/features/plugins/index.ts';
import { ApiClient } from './api-client.ts';

/** Of every test's administrator. */
export const adminCredentials = { username: 'admin', password: 'correct horse battery' } as const;

/** Of every test's instances, so that those of one database can read each other's secrets. */
export const testSecretKey = 'a key of tests that is long enough';

/** Hundreds of sign-ins are not about how long a guess takes; `passwords.spec.ts` is, and compiled programs take the real one. */
const lowPasswordCost: PasswordCost = { memory: 64, passes: 1, parallelism: 1 };

/** How to start the API under test. */
export interface StartOptions extends Pick<AppOverrides, 'clock'> {
  /** The fail2ban it talks to; without one it looks at a socket that does not exist. */
  readonly fail2ban?: PrivateFail2ban | undefined;
  /** `BANGUI_…` variables beside the harness's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each log line as it is written. */
  readonly onLog?: (line: string) => void;
  /** With the sources that come with BanGUI: asking them what they are takes as long as building the application. */
  readonly withSources?: boolean;
  /** Leave the first administrator to the test. */
  readonly withoutAdministrator?: boolean;
}

/** The whole API, in this process, over HTTP on a free port, with a database of its own. */
export interface RunningApi {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Folder of the database; removed at the end. */
  readonly dir: string;
  /** Signed in, unless started without an administrator. */
  readonly admin: ApiClient;
  readonly anonymous: ApiClient;
  /** Log lines so far, as written. */
  logs(): string[];
  stop(): Promise<void>;
}

/** Starts the API and signs its administrator in. */
export async function startApi(options: StartOptions = {}): Promise<RunningApi> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-api-'));
  const lines: string[] = [];
  const { fail2ban, env, onLog, withSources, withoutAdministrator, ...overrides } = options;
  const settings = loadSettings({
    BANGUI_PORT: '0',
    BANGUI_LOG_LEVEL: 'debug',
    BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
    BANGUI_SECRET_KEY: testSecretKey,
    BANGUI_SSHD_LOG: join(dir, 'auth.log'),
    BANGUI_FAIL2BAN_SOCKET: fail2ban?.socketPath ?? join(dir, 'no-fail2ban.sock'),
    ...(fail2ban && { BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir }),
    ...(!withoutAdministrator && {
      BANGUI_ADMIN_USERNAME: adminCredentials.username,
      BANGUI_ADMIN_PASSWORD: adminCredentials.password,
    }),
    ...env,
  });
  const keep = (line: string): void => {
    lines.push(line);
    onLog?.(line);
  };
  const replacements = [
    { provide: PasswordCost, useValue: lowPasswordCost },
    ...(withSources ? [] : [{ provide: PluginPlaces, useValue: { inTree: join(dir, 'no-sources') } }]),
  ];
  const app = await createApp(settings, { ...overrides, replacements, writeLog: keep });
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const admin = new ApiClient(url);
  if (!withoutAdministrator) await admin.signIn(adminCredentials);
  return {
    url,
    app,
    dir,
    admin,
    anonymous: new ApiClient(url),
    logs: () => [...lines],
    stop: async () => {
      // Whoever waits for a fail2ban that is not there need not wait to the end.
      await app.get(Fail2banClient).close();
      await app.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
