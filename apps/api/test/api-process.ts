import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../dist/bundle/main.js');

/** BanGUI as it runs in production: the compiled program in a process of its own. */
export class ApiProcess {
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  private out = '';
  private err = '';
  private readonly waiting = new Set<() => void>();

  private constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.received(() => (this.out += text)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.received(() => (this.err += text)));
    // `close` comes after the last output, `exit` may come before it.
    this.exit = new Promise((done) => child.on('close', (code, signal) => this.received(() => done({ code, signal }))));
  }

  /** Starts it with nothing in its environment but this, and what makes Node start faster; as another user where one is given. */
  static start(
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    identity: { readonly uid?: number; readonly gid?: number } = {},
  ): ApiProcess {
    if (!existsSync(main)) throw new Error('The API is not compiled: run `npm run build:libs && npm run build:api`.');
    const cache = process.env['NODE_COMPILE_CACHE'];
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...identity,
    });
    return new ApiProcess(child);
  }

  get stdout(): string {
    return this.out;
  }

  get stderr(): string {
    return this.err;
  }

  /** The first match in the log after `from` characters of it. Rejects when the process ends without one. */
  async logged(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.out.slice(from));
      if (match) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.exit;
        if (pattern.test(this.out.slice(from))) continue;
        throw new Error(`BanGUI ended without ${pattern}:\n${this.out}${this.err}`);
      }
      await new Promise<void>((done) => this.waiting.add(done));
    }
  }

  /** Where it listens, once it does. */
  async url(): Promise<string> {
    const match = await this.logged(/"event":"bangui_started".*?"url":"([^"]+)"/);
    return match[1] ?? '';
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private received(note: () => void): void {
    note();
    for (const done of this.waiting) done();
    this.waiting.clear();
  }
}
