import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Output beyond this is no answer of ours to read. */
const MAX_OUTPUT = 4 * 1024 * 1024;
/** What is kept of the complaints of a program. */
const MAX_COMPLAINT = 2_000;

/** A program of the firewall failed; `message` has its last words. */
export class ProgramFailed extends Error {
  /** What it ended with; undefined when it was ended by a signal or never ran. */
  readonly exitCode: number | undefined;

  constructor(message: string, exitCode: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** What is given to a program on its standard input: chunks as it reads them, or an open file. */
export type Input = Iterable<Uint8Array> | { readonly fd: number };

/** Runs the programs of the firewall: arguments as a list, no shell, an environment of their own, a time limit and bounded output. */
export class Programs {
  private readonly before: readonly string[];
  private readonly timeoutMs: number;

  /** @param before words put before each command, such as those of `nsenter` to work in a network namespace */
  constructor({ before = [], timeoutMs = 60_000 }: { before?: readonly string[]; timeoutMs?: number } = {}) {
    this.before = before;
    this.timeoutMs = timeoutMs;
  }

  /** Runs a program to its end and gives its output. */
  async run(program: string, args: readonly string[], input: Input = []): Promise<string> {
    const [command = program, ...words] = [...this.before, program, ...args];
    const child = spawn(command, words, {
      stdio: ['fd' in input ? input.fd : 'pipe', 'pipe', 'pipe'],
      // Messages are read by us, so they must not be translated.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      timeout: this.timeoutMs,
      killSignal: 'SIGKILL',
    });
    const output = collect(child.stdout, MAX_OUTPUT, () => child.kill('SIGKILL'));
    const complaint = collect(child.stderr, MAX_COMPLAINT);
    const ended = new Promise<number | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? undefined));
    });
    // A program that stops at a bad line closes its input early; what it says about that is the better message.
    const fed =
      child.stdin && !('fd' in input) ? pipeline(Readable.from(input), child.stdin).catch(() => undefined) : undefined;
    const code = await ended.catch((cause: unknown) => {
      throw new ProgramFailed(`${program} could not be started: ${String(cause)}`, undefined, { cause });
    });
    await fed;
    if (code === 0) return output();
    throw new ProgramFailed(
      `${[program, ...args].join(' ')}: ${complaint().trim() || 'ended by a signal or time limit'}`,
      code,
    );
  }

  /** The same where failing is an answer: undefined for exit status 1. */
  async ask(program: string, args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.run(program, args);
    } catch (error) {
      if (error instanceof ProgramFailed && error.exitCode === 1) return undefined;
      throw error;
    }
  }
}

/** Keeps the first `most` characters of a stream and reads on, so that the writer never waits. */
function collect(stream: Readable | null, most: number, onOverflow?: () => void): () => string {
  let text = '';
  // Never null, since both outputs are pipes.
  stream?.setEncoding('utf8');
  stream?.on('data', (part: string) => {
    if (text.length + part.length > most) onOverflow?.();
    text += part.slice(0, most - text.length);
  });
  return () => text;
}
