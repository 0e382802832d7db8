import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { firstProgram } from './programs.ts';

interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly stopSignal: NodeJS.Signals;
}

/** What a child is started with. */
export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
  /** What the kernel sends when this process is gone without having stopped its children; SIGTERM unless said otherwise. */
  readonly orphanSignal?: 'SIGTERM' | 'SIGKILL';
  /** What asks the child to stop; SIGTERM unless said otherwise. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
}

const setpriv = firstProgram(['/usr/bin/setpriv', '/bin/setpriv']);

/** Processes that live no longer than this one, however it ends. */
export class Children {
  private readonly all: Child[] = [];
  private isStopping = false;

  /**
   * Starts a program that the kernel ends when this process is gone, even by SIGKILL. It gets a process group
   * of its own: Ctrl-C in the terminal reaches only us, so that we choose the order.
   */
  start(name: string, program: string, args: readonly string[], options: ChildOptions): ChildProcess {
    const {
      stdio = ['ignore', 'inherit', 'inherit'],
      orphanSignal = 'SIGTERM',
      stopSignal = 'SIGTERM',
      ...rest
    } = options;
    const [file, argv] =
      setpriv === undefined ? [program, args] : [setpriv, ['--pdeathsig', orphanSignal, '--', program, ...args]];
    const child = spawn(file, argv, { ...rest, stdio, detached: true });
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    child.on('error', resolve);
    child.on('exit', resolve);
    this.all.push({ name, process: child, ended, stopSignal });
    return child;
  }

  /** Calls back when a child ends although nobody asked it to. `how` is for people. */
  onUnexpectedEnd(child: ChildProcess, tell: (how: string) => void): void {
    const end = (how: string) => {
      if (!this.isStopping) tell(how);
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  }

  /** Stops all children, the last started first; those that outlast `graceMs` are killed. */
  async stopAll(graceMs: number): Promise<void> {
    this.isStopping = true;
    for (const child of this.all.toReversed()) {
      signalGroup(child, child.stopSignal);
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
      await child.ended;
      clearTimeout(timer);
      // Whatever it started itself and left behind.
      signalGroup(child, 'SIGKILL', { evenIfEnded: true });
    }
  }

  /** Ends all children at once, without asking. */
  killAll(): void {
    this.isStopping = true;
    for (const child of this.all) signalGroup(child, 'SIGKILL');
  }
}

function signalGroup(child: Child, signal: NodeJS.Signals, options: { evenIfEnded?: boolean } = {}): void {
  const { pid, exitCode, signalCode } = child.process;
  if (pid === undefined) return; // it could not be started
  if (!options.evenIfEnded && (exitCode !== null || signalCode !== null)) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left, which is what was wanted.
  }
}

/**
 * Calls `stop` once when this process is told to end: Ctrl-C, SIGTERM, a closed terminal, or, under npm, npm's own
 * death. A second Ctrl-C calls `kill`.
 */
export function onStopRequest(stop: () => Promise<void>, kill: () => void): void {
  let isStopping = false;
  const request = () => {
    if (isStopping) {
      kill();
      process.exit(1);
    }
    isStopping = true;
    void stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parents = parentAndGrandparent();
  const watch = setInterval(() => {
    if (parentAndGrandparent() === parents) return;
    clearInterval(watch);
    if (!isStopping) request();
  }, 500);
  watch.unref();
}

/** npm starts scripts through a shell, so that either may be the one that is gone. */
function parentAndGrandparent(): string {
  const parent = process.ppid;
  try {
    // pid (name) state ppid ...; the name may hold anything.
    const [, grandparent] = readFileSync(`/proc/${parent}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ') ?? [];
    return `${parent} ${grandparent}`;
  } catch {
    return String(parent); // it ended just now
  }
}
