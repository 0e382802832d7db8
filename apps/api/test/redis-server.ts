import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/lib/free-port.ts';

const run = promisify(execFile);
const serverProgram = '/usr/bin/redis-server';
const clientProgram = '/usr/bin/redis-cli';

/** What to do when there is no Redis. */
export const redisMissing = 'Redis is not installed: apt-get install --no-install-recommends redis-server';

/** What the private server asks of its clients, so that tests also prove that it appears in no log. */
export const redisPassword = 'a-secret-of-the-test';

/** How to start a private Redis. */
export interface RedisOptions {
  /** Keeps every change on disk, so that it is there again after a crash. */
  readonly isPersistent?: boolean;
}

/** A private Redis on loopback; unless it is told otherwise it keeps nothing on disk and every start is empty. */
export class RedisServer {
  /** `redis://…` with the password. */
  readonly url: string;
  private process: ChildProcess | undefined;

  private constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly options: RedisOptions,
  ) {
    this.url = `redis://:${redisPassword}@127.0.0.1:${port}/0`;
  }

  /** Starts one; rejects with what to install when there is none. */
  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    await access(serverProgram).catch(() => Promise.reject(new Error(redisMissing)));
    const server = new RedisServer(await mkdtemp(join(tmpdir(), 'bangui-redis-')), await freePort(), options);
    await server.restart();
    return server;
  }

  /** Starts it again, on the same port, after {@link kill}. */
  async restart(): Promise<void> {
    const options = {
      bind: '127.0.0.1',
      port: String(this.port),
      dir: this.dir,
      requirepass: redisPassword,
      save: '',
      appendonly: this.options.isPersistent ? 'yes' : 'no',
      appendfsync: 'always',
      daemonize: 'no',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    this.process = spawn(serverProgram, args, { cwd: this.dir, stdio: 'ignore' });
    while ((await this.command('PING').catch(() => '')) !== 'PONG') {
      if (this.process.exitCode !== null) throw new Error(`The private Redis ended: ${this.process.exitCode}.`);
    }
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops answering without closing a connection; `resume` lets it go on. */
  pause(): void {
    this.process?.kill('SIGSTOP');
  }

  resume(): void {
    this.process?.kill('SIGCONT');
  }

  /** Forgets everything: FLUSHALL. */
  async flush(): Promise<void> {
    await this.command('FLUSHALL');
  }

  /** The answer to one command. */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(clientProgram, ['-h', '127.0.0.1', '-p', String(this.port), ...args], {
      env: { ...process.env, REDISCLI_AUTH: redisPassword },
      timeout: 5_000,
    });
    return stdout.trim();
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    this.resume();
    await this.end('SIGTERM');
    await rm(this.dir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.process;
    if (server === undefined) return;
    this.process = undefined;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
}
