import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { type HostedSource, openSource, type SourceLocation } from '../../plugins/hosting/index.ts';
import { AddressPolicy } from '../download/address-policy.ts';
import { Downloader } from '../download/downloader.ts';
import { type ImportHost, type ImportJob } from './import-job.ts';
import { failureOf, SourceImport } from './import-source.ts';
import {
  type FromImportWorker,
  type ImportQuestion,
  type ImportWork,
  type ImportWorkerData,
  type ImportWorkKind,
  type ToImportWorker,
} from './import-messages.ts';
import { overlapOf } from './overlap.ts';
import { wantedSet } from './wanted-set.ts';

// This file only runs as a worker, which is started with this data.
const data = workerData as ImportWorkerData;
const sources = new Map<string, Promise<HostedSource>>();
const running = new Map<number, AbortController>();
const waiting = new Map<number, PromiseWithResolvers<unknown>>();
let calls = 0;

const downloader = new Downloader({
  resolve: async (host) => (await ask({ what: 'resolve', host })) as readonly string[],
  policy: new AddressPolicy(data.allowPrivate),
  userAgent: data.userAgent,
  proxy: data.proxy,
  fileFolder: data.fileFolder,
  ...(data.times && { times: data.times }),
  ...(data.caFile !== undefined && { ca: [...rootCertificates, readFileSync(data.caFile, 'utf8')] }),
});

function send(message: FromImportWorker, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
}

function ask(question: ImportQuestion): Promise<unknown> {
  calls += 1;
  const answer = Promise.withResolvers<unknown>();
  waiting.set(calls, answer);
  send({ kind: 'call', call: calls, question });
  return answer.promise;
}

/** How often the thread says that it is alive, in milliseconds. */
const aliveEveryMs = 1_000;
setInterval(() => {
  if (running.size > 0) send({ kind: 'alive' });
}, aliveEveryMs).unref();

/** The same code is loaded once; after an upgrade it is elsewhere or has another description. */
async function sourceAt(location: SourceLocation): Promise<HostedSource> {
  const key = `${location.entry} ${location.checksum ?? ''}`;
  const opened = sources.get(key) ?? openSource(location);
  sources.set(key, opened);
  try {
    return await opened;
  } catch (error) {
    // It may be mended by the time it is needed next.
    sources.delete(key);
    throw error;
  }
}

async function storedFor(id: number, name: string): Promise<Uint8Array | undefined> {
  // The main thread answers with what was asked for.
  return (await ask({ what: 'stored', id, name })) as Uint8Array | undefined;
}

async function prepared(id: number, job: ImportJob, signal: AbortSignal): Promise<SourceImport> {
  const host: ImportHost = {
    stored: (name) => storedFor(id, name),
    progress: (progress) => send({ kind: 'progress', id, progress }),
  };
  return new SourceImport(await sourceAt(job.location), job, downloader, host, signal);
}

const work: {
  readonly [Kind in ImportWorkKind]: (
    id: number,
    input: ImportWork[Kind]['input'],
    signal: AbortSignal,
  ) => Promise<ImportWork[Kind]['output']>;
} = {
  import: async (id, job, signal) => {
    try {
      return await (await prepared(id, job, signal)).run();
    } catch (error) {
      signal.throwIfAborted();
      return failureOf(error);
    }
  },
  preview: async (id, job, signal) => {
    try {
      return await (await prepared(id, job, signal)).preview();
    } catch (error) {
      signal.throwIfAborted();
      return failureOf(error);
    }
  },
  wanted: (id, inputs) => wantedSet(inputs, (name) => storedFor(id, name)),
  overlap: (_id, lists) => Promise.resolve(overlapOf(lists)),
};

/** The big arrays of an answer: they are handed over and not copied. */
function buffersOf(output: ImportWork[ImportWorkKind]['output']): ArrayBuffer[] {
  if (!output) return [];
  if ('blocked' in output) return [output.blocked.buffer, output.added.buffer, output.removed.buffer];
  return 'changed' in output ? output.changed.map(({ packed }) => packed.buffer) : [];
}

async function carryOut(message: Extract<ToImportWorker, { readonly input: unknown }>): Promise<void> {
  const { id } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const output = await start(message, controller.signal);
    send({ kind: 'done', id, output }, buffersOf(output));
  } catch (error) {
    // Aborted, or a mistake of ours: the main thread says which.
    send({ kind: 'failed', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    running.delete(id);
  }
}

function start(
  message: Extract<ToImportWorker, { readonly input: unknown }>,
  signal: AbortSignal,
): Promise<ImportWork[ImportWorkKind]['output']> {
  switch (message.kind) {
    case 'import':
      return work.import(message.id, message.input, signal);
    case 'preview':
      return work.preview(message.id, message.input, signal);
    case 'wanted':
      return work.wanted(message.id, message.input, signal);
    case 'overlap':
      return work.overlap(message.id, message.input, signal);
  }
}

parentPort?.on('message', (message: ToImportWorker) => {
  if (message.kind === 'abort') running.get(message.id)?.abort();
  else if (message.kind === 'answer') {
    const answer = waiting.get(message.call);
    waiting.delete(message.call);
    if (message.error === undefined) answer?.resolve(message.value);
    else answer?.reject(new Error(message.error));
  } else void carryOut(message);
});
