import { Worker } from 'node:worker_threads';
import { type DescribeAnswer } from './describe-worker.ts';

/** How long a module may take to load, in milliseconds: it is asked while everything else starts. */
const loadMs = 30_000;
/** Largest heap of the thread in MiB. */
const maxHeapMb = 128;

/** Bounds of {@link describeInTree}. */
export interface DescribeOptions {
  /** Milliseconds that one module may take. */
  readonly limitMs?: number;
  /** Ends it; what was not answered by then is answered with that. */
  readonly signal: AbortSignal;
}

/**
 * Asks modules of sources what they are, in a thread that ends afterwards: neither what they need to be loaded nor one that
 * hangs or ends its thread stays in this process. Answers in the order of the modules. Memory is bounded for mistakes only: V8 ends
 * the whole process when one allocation goes far beyond a thread's heap, so modules of others belong into a child.
 */
export async function describeInTree(
  entries: readonly string[],
  { limitMs = loadMs, signal }: DescribeOptions,
): Promise<DescribeAnswer[]> {
  const answers: DescribeAnswer[] = [];
  while (answers.length < entries.length && !signal.aborted) {
    const before = answers.length;
    const problem = await describeSome(entries.slice(before), { limitMs, signal }, (answer) => answers.push(answer));
    // Whichever was being loaded is to blame; the ones after it get another thread.
    if (answers.length < entries.length) answers.push({ problem });
  }
  return answers;
}

/** Resolves when the thread has ended, with what ended it. */
async function describeSome(
  entries: readonly string[],
  { limitMs, signal }: Required<DescribeOptions>,
  take: (answer: DescribeAnswer) => void,
): Promise<string> {
  // Sources run as TypeScript in tests, as JavaScript once built.
  const isSource = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(`./describe-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    workerData: entries,
    // What a module prints is nobody's business, and our standard output is the log.
    stdout: true,
    stderr: true,
    execArgv: isSource ? ['--conditions=bangui-src'] : [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let problem = 'Its code ended the thread that loaded it.';
  let left = entries.length;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      problem = `Its code was not loaded within ${limitMs} ms.`;
      void worker.terminate();
    }, limitMs);
  };
  worker.on('message', (answer: DescribeAnswer) => {
    take(answer);
    left -= 1;
    // Something that a module started must not keep the thread.
    if (left === 0) void worker.terminate();
    else wait();
  });
  worker.on('error', (error: Error) => (problem = `Its code broke the thread that loaded it: ${error.message}`));
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  wait();
  await new Promise((done) => worker.once('exit', done));
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  return problem;
}
