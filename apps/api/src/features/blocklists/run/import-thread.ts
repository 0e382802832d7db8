import { Worker } from 'node:worker_threads';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Settings } from '../../../core/config/settings.ts';
import { handedOver } from '../../../core/database/handed-over.ts';
import { version } from '../../../core/version.ts';
import { type DownloadTimes } from '../download/downloader.ts';
import { HostResolver } from '../download/resolver.ts';
import { type ImportHost } from './import-job.ts';
import {
  type FromImportWorker,
  type ImportQuestion,
  type ImportWork,
  type ImportWorkerData,
  type ImportWorkKind,
  type ToImportWorker,
} from './import-messages.ts';

/** The thread ends after this many milliseconds without work: its memory is worth more than its start. */
const idleMs = 60_000;
/** Largest heap of the thread in MiB. Sets lie outside of it, and are bounded by the entries a source may have. */
const maxHeapMb = 128;

/** How long publishers and the thread may take; shorter in tests. */
export class ImportTimes {
  readonly times: DownloadTimes | undefined = undefined;
  /** A thread that says nothing for so many milliseconds is held by something that never lets go, and ended. */
  readonly silenceMs: number = 120_000;
}

/** The thread that downloads and reads lists ended, or failed by a mistake of ours. */
export class ImportThreadFailed extends Error {
  override readonly name: string = 'ImportThreadFailed';
}

/** Something in the thread never let go of it. */
export class ImportThreadSilent extends ImportThreadFailed {
  override readonly name = 'ImportThreadSilent';
  constructor() {
    super('A plugin kept the thread that imports lists to itself for too long, so it was ended.');
  }
}

interface Pending {
  readonly worker: Worker;
  readonly host: ImportHost;
  readonly settle: PromiseWithResolvers<unknown>;
}

/** For work that asks for nothing. */
const noHost: ImportHost = { stored: () => Promise.resolve(undefined), progress: () => undefined };

/** Downloads, reads and joins lists in a thread of its own, so that the API goes on answering. */
@Injectable()
export class ImportThread implements BeforeApplicationShutdown {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private watch: NodeJS.Timeout | undefined;
  private heardAt = 0;
  private ids = 0;
  private readonly pending = new Map<number, Pending>();

  constructor(
    private readonly settings: Settings,
    private readonly resolver: HostResolver,
    private readonly times: ImportTimes,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.end();
  }

  /**
   * Does one piece of work; several may be under way at once.
   * @throws ImportThreadFailed when the thread ends; the signal's reason when it is aborted
   */
  async run<Kind extends ImportWorkKind>(
    kind: Kind,
    input: ImportWork[Kind]['input'],
    { host = noHost, signal }: { readonly host?: ImportHost; readonly signal?: AbortSignal } = {},
  ): Promise<ImportWork[Kind]['output']> {
    signal?.throwIfAborted();
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.start());
    this.ids += 1;
    const id = this.ids;
    const settle = Promise.withResolvers<unknown>();
    this.pending.set(id, { worker, host, settle });
    const abort = (): void => {
      worker.postMessage({ kind: 'abort', id } satisfies ToImportWorker);
      // Whatever the thread is doing, nobody waits for it any more.
      settle.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    worker.ref();
    this.watchOver();
    worker.postMessage({ kind, id, input });
    try {
      // The thread answers with the output of the kind it was asked for.
      return (await settle.promise) as ImportWork[Kind]['output'];
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      this.pending.delete(id);
      this.rest();
    }
  }

  /** Ends the thread; what is under way fails. */
  async end(): Promise<void> {
    clearTimeout(this.idle);
    clearInterval(this.watch);
    this.watch = undefined;
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    const isSource = import.meta.url.endsWith('.ts');
    const { sourcesAllowPrivate, httpsProxy, sourcesCaFile, sourcesFileDir } = this.settings;
    const data: ImportWorkerData = {
      allowPrivate: sourcesAllowPrivate,
      proxy: httpsProxy,
      caFile: sourcesCaFile,
      fileFolder: sourcesFileDir,
      userAgent: `BanGUI/${version}`,
      times: this.times.times,
    };
    // Sources run as TypeScript in tests, as JavaScript once built.
    const worker = new Worker(new URL(`./import-worker.${isSource ? 'ts' : 'js'}`, import.meta.url), {
      workerData: data,
      execArgv: isSource ? ['--conditions=bangui-src'] : [],
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: maxHeapMb },
    });
    const lost = (message: string): void => {
      if (this.worker === worker) this.worker = undefined;
      this.fail(worker, new ImportThreadFailed(message));
    };
    worker.on('message', (message: FromImportWorker) => this.receive(worker, message));
    worker.once('error', (error: Error) => lost(`The thread that imports lists failed: ${error.message}`));
    worker.once('exit', () => lost('The thread that imports lists ended.'));
    return worker;
  }

  /** From now on the thread must be heard of. */
  private watchOver(): void {
    if (this.watch) return;
    const { silenceMs } = this.times;
    this.heardAt = performance.now();
    this.watch = setInterval(() => {
      if (performance.now() - this.heardAt < silenceMs) return;
      const { worker } = this;
      this.worker = undefined;
      if (!worker) return;
      this.fail(worker, new ImportThreadSilent());
      void worker.terminate();
    }, silenceMs / 8).unref();
  }

  /** What was given to that thread fails; what another one has goes on. */
  private fail(worker: Worker, error: ImportThreadFailed): void {
    for (const { worker: its, settle } of this.pending.values()) if (its === worker) settle.reject(error);
  }

  private receive(worker: Worker, message: FromImportWorker): void {
    if (worker === this.worker) this.heardAt = performance.now();
    switch (message.kind) {
      case 'alive':
        break;
      case 'done':
        this.pending.get(message.id)?.settle.resolve(message.output);
        break;
      case 'failed':
        this.pending.get(message.id)?.settle.reject(new ImportThreadFailed(message.message));
        break;
      case 'progress':
        this.pending.get(message.id)?.host.progress(message.progress);
        break;
      case 'call':
        void this.answer(worker, message.call, message.question);
        break;
    }
  }

  private async answer(worker: Worker, call: number, question: ImportQuestion): Promise<void> {
    const reply = (answer: { readonly value: unknown } | { readonly error: string }, given: ArrayBuffer[] = []): void =>
      worker.postMessage({ kind: 'answer', call, ...answer } satisfies ToImportWorker, given);
    try {
      const value = await this.valueFor(question);
      reply({ value }, handedOver(value));
    } catch (error) {
      // A name without an address, or a database that is away: the import fails with it.
      reply({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  private valueFor(question: ImportQuestion): Promise<unknown> {
    if (question.what === 'resolve') return this.resolver.resolve(question.host);
    return this.pending.get(question.id)?.host.stored(question.name) ?? Promise.resolve(undefined);
  }

  private rest(): void {
    if (this.pending.size > 0) return;
    clearInterval(this.watch);
    this.watch = undefined;
    this.worker?.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.end(), idleMs).unref();
  }
}
