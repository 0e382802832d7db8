import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultFiles, defaultJails } from './configuration.ts';
import { fail2banTools } from './tools.ts';

/** What a private server is started with. */
export interface PrivateFail2banOptions {
  /** Files by path below the configuration folder; added, or put in place of the default ones. `@DIR@` is the server's folder. */
  files?: Record<string, string>;
  /** Text of `jail.local` (`@DIR@` as above), or `default`: web, ssh, manual. */
  jails?: string;
  /** `HEAVYDEBUG` writes every command that arrives into the log, for {@link PrivateFail2ban.received}. Default `INFO`. */
  logLevel?: 'INFO' | 'DEBUG' | 'HEAVYDEBUG';
}

const running = new Set<ChildProcess>();
// A test run that ends early leaves no server behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real fail2ban server of a test's own: in a folder of its own, without root, firewall, network and the machine's logs. */
export class PrivateFail2ban {
  /** Folder of everything. */
  readonly dir: string;
  readonly configDir: string;
  readonly socketPath: string;
  readonly logDir: string;
  readonly #logLevel: string;
  #child: ChildProcess | undefined;

  private constructor(dir: string, logLevel: string) {
    this.dir = dir;
    this.configDir = join(dir, 'config');
    this.socketPath = join(dir, 'run', 'f2b.sock');
    this.logDir = join(dir, 'log');
    this.#logLevel = logLevel;
  }

  /** Starts a server; it is ready with all its jails when this returns. */
  static async start(options: PrivateFail2banOptions = {}): Promise<PrivateFail2ban> {
    // A socket's path has at most 107 bytes, so the folder's name is short.
    const dir = await mkdtemp(join(tmpdir(), 'f2b-'));
    const logLevel = options.logLevel ?? 'INFO';
    const server = new PrivateFail2ban(dir, logLevel);
    const jails = options.jails === undefined || options.jails === 'default' ? defaultJails(dir) : options.jails;
    const files = { ...defaultFiles(dir, logLevel, jails), ...options.files };
    for (const folder of ['run', 'log', 'config/jail.d', 'config/fail2ban.d'])
      await mkdir(join(dir, folder), { recursive: true });
    for (const log of ['web.log', 'ssh.log', 'actions.log']) await writeFile(join(server.logDir, log), '');
    for (const [path, text] of Object.entries(files)) await server.writeConfig(path, text);
    await server.#run();
    return server;
  }

  /** Process id of the server. */
  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('The server is not running.');
    return pid;
  }

  /** Writes a file below the configuration folder; `@DIR@` in it becomes {@link dir}. */
  async writeConfig(path: string, text: string): Promise<void> {
    const file = join(this.configDir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll('@DIR@', this.dir));
  }

  /** Appends a line, such as `FAIL from 192.0.2.1`, with the time of now in front, to the log that a jail reads. */
  async log(jail: 'web' | 'ssh', line: string): Promise<void> {
    await appendFile(join(this.logDir, `${jail}.log`), `${Math.floor(Date.now() / 1000)} ${line}\n`);
  }

  /** Runs `fail2ban-client` against this server. @returns what it printed, trimmed */
  async client(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(fail2banTools().client, ['-c', this.configDir, ...args]);
    return stdout.trim();
  }

  /** The server's log so far. */
  serverLog(): string {
    return readFileSync(join(this.logDir, 'fail2ban.log'), 'utf8');
  }

  /**
   * The server's log with every command it was sent, for tests that something was never sent.
   * @throws unless it was started with `logLevel: 'HEAVYDEBUG'`, since such a test could not fail otherwise
   */
  received(): string {
    if (this.#logLevel !== 'HEAVYDEBUG') throw new Error("Start the server with logLevel: 'HEAVYDEBUG'.");
    return this.serverLog();
  }

  /** Ends the server as an administrator would, and waits for it. Its folder stays, for {@link restart}. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Kills the server, which leaves its socket file behind, and waits for its end. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Makes the server hang. */
  suspend(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Ends {@link suspend}. */
  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Starts the server again, stopping it first if it runs, with a new socket and the same files. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#run();
  }

  /** Ends the server and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    // Programs of actions that it has started outlive it for a moment, and may still write a file into the folder.
    await rm(this.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }

  async #run(): Promise<void> {
    const logFile = join(this.logDir, 'fail2ban.log');
    // -f: as our child; -x: removes the socket a killed server has left.
    const args = ['-c', this.configDir, '-xf', '--logtarget', logFile, 'start'];
    const child = spawn(fail2banTools().server, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        // The socket answers before the jails are there; this line comes after them.
        if (output.includes('Server ready')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`fail2ban-server ended with ${code}: ${output}`)));
    });
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A suspended process takes no other signal than these two.
    child.kill('SIGCONT');
    await ended;
  }
}
