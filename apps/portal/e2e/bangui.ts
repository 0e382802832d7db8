import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PrivateFail2ban, type PrivateFail2banOptions } from '@bangui/fail2ban/testing';
import { program, type RunningApi, startProcess, startWarm } from './running-api.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const portal = join(checkout, 'dist/portal/browser');

/** Who signs in when a stack was set up already. */
export const ADMIN = { username: 'operator', password: 'correct horse battery' } as const;

/** How a stack is started. */
export interface StackOptions {
  readonly fail2ban?: PrivateFail2banOptions;
  /** Environment of the API; wins over what the stack sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the API has a process of its own from its first start on, as one has that outlives a test. */
  readonly hasOwnProcess?: boolean;
}

/** The built API with the built portal, on a port of its own, in front of a private real fail2ban. */
export class Stack {
  private api: RunningApi | undefined;

  readonly fail2ban: PrivateFail2ban;
  /** The API's database; to be written only while the API is killed. */
  readonly databasePath: string;
  private readonly dir: string;
  private readonly env: Readonly<Record<string, string>>;
  /** What the system chose at the first start, and what is listened on from then on. */
  private port = '0';

  private constructor(fail2ban: PrivateFail2ban, dir: string, env: Readonly<Record<string, string>>) {
    this.fail2ban = fail2ban;
    this.dir = dir;
    this.env = env;
    this.databasePath = join(dir, 'bangui.sqlite3');
  }

  /** Where to point the browser. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async start(options: StackOptions = {}): Promise<Stack> {
    for (const [path, what] of [
      [program, 'API'],
      [join(portal, 'index.html'), 'portal'],
    ] as const) {
      if (!existsSync(path)) throw new Error(`The ${what} is not built: run \`npm run build\`.`);
    }
    // Only the workers read packages from their sources (playwright.config.ts); the process that lists the tests does not.
    const { fail2banTools, PrivateFail2ban } = await import('@bangui/fail2ban/testing');
    const fail2ban = await PrivateFail2ban.start(options.fail2ban);
    const dir = await mkdtemp(join(tmpdir(), 'bangui-e2e-'));
    const { client, python } = fail2banTools();
    const stack = new Stack(fail2ban, dir, {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
      BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
      BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
      BANGUI_FAIL2BAN_CLIENT: client,
      BANGUI_FAIL2BAN_PYTHON: python,
      // Not that of the machine on which the tests run.
      BANGUI_SSHD_LOG: join(dir, 'auth.log'),
      BANGUI_PORTAL_DIR: portal,
      BANGUI_ADMIN_USERNAME: ADMIN.username,
      BANGUI_ADMIN_PASSWORD: ADMIN.password,
      ...options.env,
    });
    await (options.hasOwnProcess === true ? stack.startApi() : stack.startApiBy(startWarm));
    return stack;
  }

  /** Starts the API in a process of its own; it serves when this returns. */
  async startApi(): Promise<void> {
    await this.startApiBy(startProcess);
  }

  /** Starts another instance of the API beside this one, with the same settings on another port; it waits for the lock. */
  async another(): Promise<AsyncDisposable & { readonly url: string }> {
    const env = { ...this.env, BANGUI_SCHEDULER_ROLE: 'standby' };
    const instance = new Stack(this.fail2ban, this.dir, env);
    await instance.startApi();
    return { url: instance.url, [Symbol.asyncDispose]: () => instance.killApi() };
  }

  /** What a browser on another machine has to give at set-up. */
  async setupCode(): Promise<string> {
    return (await readFile(join(this.dir, 'setup-code'), 'utf8')).trim();
  }

  /** Kills the API; fail2ban goes on. */
  async killApi(): Promise<void> {
    const { api } = this;
    this.api = undefined;
    await api?.kill();
  }

  /** Makes the API hang, as a machine does that is frozen; {@link killApi} ends it all the same. */
  suspendApi(): void {
    this.api?.suspend();
  }

  /** Ends {@link suspendApi}. */
  resumeApi(): void {
    this.api?.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api?.end();
    await this.fail2ban[Symbol.asyncDispose]();
    await rm(this.dir, { recursive: true, force: true });
  }

  private async startApiBy(start: typeof startProcess): Promise<void> {
    const env = Object.entries({ ...this.env, BANGUI_PORT: this.port }).filter(([, value]) => value !== '');
    this.api = await start(Object.fromEntries(env));
    this.port = this.api.port;
  }
}
