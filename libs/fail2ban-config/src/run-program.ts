import { spawn } from 'node:child_process';

/** Why a program gave no usable answer. */
export type ProgramFailure = 'not-found' | 'timeout' | 'output-too-large' | 'failed' | 'not-understood';

/** One of fail2ban's programs gave no usable answer. Says nothing about the configuration. */
export class ProgramFailed extends Error {
  readonly code = 'fail2ban-program-failed';
  readonly reason: ProgramFailure;

  constructor(reason: ProgramFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProgramFailed';
    this.reason = reason;
  }
}

/** How a program ended by itself. */
export interface ProgramResult {
  /** `null` when a signal that was not ours ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last 64 KiB. */
  readonly stderr: string;
}

export interface ProgramLimits {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const maxErrorBytes = 64 * 1024;

/**
 * Runs a program without a shell and without our environment, which may hold secrets; it and its output are bounded.
 * Rejects with ProgramFailed, or with the signal's reason.
 */
export function runProgram(program: string, args: readonly string[], limits: ProgramLimits): Promise<ProgramResult> {
  const { timeoutMs, maxOutputBytes, signal } = limits;
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const child = spawn(program, args, {
    // fail2ban's programs import a folder `fail2ban` of the working directory if there is one.
    cwd: '/',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it started ends with it.
    detached: true,
  });
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  let stderr = Buffer.alloc(0);

  const giveUp = (error: unknown) => {
    endGroup(child.pid);
    // What left the group may keep the pipes open; nothing of it is of interest any more.
    child.stdout.destroy();
    child.stderr.destroy();
    reject(error);
  };
  const timer = setTimeout(
    () => giveUp(new ProgramFailed('timeout', `${program} did not finish within ${timeoutMs / 1000} s.`)),
    timeoutMs,
  );
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });

  child.stdout.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length;
    if (stdoutBytes > maxOutputBytes) {
      giveUp(new ProgramFailed('output-too-large', `${program} printed more than ${maxOutputBytes} bytes.`));
    } else stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-maxErrorBytes);
  });
  child.on('error', (cause) =>
    giveUp(new ProgramFailed('not-found', `${program} cannot be run: ${cause.message}`, { cause })),
  );
  child.on('close', (exitCode) =>
    resolve({ exitCode, stdout: Buffer.concat(stdout).toString('utf8'), stderr: stderr.toString('utf8') }),
  );
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}

/** Ends a process and all that it started, whatever they are doing. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended by themselves.
  }
}
