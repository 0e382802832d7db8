import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '../../..');
/** What an installation runs. */
export const program = join(checkout, 'apps/api/dist/bundle/main.js');
const warmProgram = join(import.meta.dirname, 'warm-api.ts');

/** Environment of an API. */
export type Environment = Readonly<Record<string, string>>;

/** What a warm process is asked for. */
export type WarmRequest = { readonly start: Environment } | { readonly stop: true };
/** What it answers. */
export type WarmAnswer = { readonly port: number } | { readonly stopped: true } | { readonly problem: string };

/** An API that serves. */
export interface RunningApi {
  readonly port: string;
  /** Kills its process, as a crash does. */
  kill(): Promise<void>;
  /** Makes it hang, as a machine does that is frozen. */
  suspend(): void;
  /** Ends {@link suspend}. */
  resume(): void;
  /** Ends it in the least costly way, at the end of its test. */
  end(): Promise<void>;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Starts the API in a process of its own, as an installation does. */
export async function startProcess(env: Environment): Promise<RunningApi> {
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const port = await new Promise<string>((done, fail) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
      const found = /"event":"bangui_started".*?"url":"[^"]+:(\d+)/.exec(output)?.[1];
      if (found !== undefined) done(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => fail(new Error(`BanGUI ended with ${String(code)}:\n${output}`)));
  });
  return {
    port,
    kill: () => killed(child),
    suspend: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    end: () => killed(child),
  };
}

/** The process of this worker whose API has ended, with all of its code loaded. */
let idle: ChildProcess | undefined;

function ask(child: ChildProcess, request: WarmRequest): Promise<WarmAnswer> {
  return new Promise((done, fail) => {
    const onExit = (code: number | null): void => fail(new Error(`The warm API ended with ${String(code)}.`));
    child.once('exit', onExit);
    child.once('message', (answer: WarmAnswer) => {
      child.off('exit', onExit);
      done(answer);
    });
    child.send(request);
  });
}

/**
 * Starts a new API in a process that is kept from test to test: loading and compiling the code is most of what a start
 * costs. Only the code is kept. A process that was killed is not used again.
 */
export async function startWarm(env: Environment): Promise<RunningApi> {
  const child =
    idle ??
    fork(warmProgram, {
      execArgv: [],
      env: { PATH: env['PATH'], NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  idle = undefined;
  const answer = await ask(child, { start: env });
  if (!('port' in answer)) {
    await killed(child);
    throw new Error(`BanGUI did not start: ${JSON.stringify(answer)}`);
  }
  let isSuspended = false;
  return {
    port: String(answer.port),
    kill: () => killed(child),
    suspend: () => {
      isSuspended = true;
      child.kill('SIGSTOP');
    },
    resume: () => {
      isSuspended = false;
      child.kill('SIGCONT');
    },
    end: async () => {
      if (isSuspended || child.exitCode !== null || child.signalCode !== null) return killed(child);
      if ('stopped' in (await ask(child, { stop: true }))) idle = child;
      else await killed(child);
    },
  };
}
