import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './fail2ban-api.ts';

const main = fileURLToPath(new URL('../../enforcer/src/main.ts', import.meta.url));

/** The enforcer as a process of its own, in a network namespace. */
export class EnforcerProcess {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];

  private constructor(child: ChildProcess) {
    this.child = child;
    const keep = (part: Buffer): void => void this.lines.push(...part.toString().split('\n').filter(Boolean));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** Starts it. @param into words that put a command into the namespace */
  static start(
    into: readonly string[],
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): EnforcerProcess {
    const [program = '', ...words] = [...into, process.execPath, '--conditions=bangui-src', main, ...args];
    const child = spawn(program, words, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new EnforcerProcess(child);
  }

  /** What it wrote so far. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** Waits for a line with these words that comes after `from` lines. @returns the number of lines then */
  async says(words: string, from = 0): Promise<number> {
    return eventually(() => {
      const at = this.lines.findIndex((line, index) => index >= from && line.includes(words));
      if (at < 0) throw new Error(`No ${JSON.stringify(words)} in:\n${this.output}`);
      return at + 1;
    });
  }

  /** Lines so far. */
  get count(): number {
    return this.lines.length;
  }

  /** Waits for its end. @returns exit status or signal */
  async ended(): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode ?? this.child.signalCode;
  }

  /** Ends it, and waits for that. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    this.child.kill(signal);
    return this.ended();
  }
}
