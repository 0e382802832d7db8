import { type DownloadTimes } from '../download/downloader.ts';
import { type ImportJob, type ImportProgress, type ImportResult, type PreviewResult } from './import-job.ts';
import { type OverlapInput, type OverlapResult } from './overlap.ts';
import { type WantedInputs, type WantedOutput } from './wanted-set.ts';

/** What the thread is started with. */
export interface ImportWorkerData {
  readonly allowPrivate: readonly string[];
  readonly proxy: string | undefined;
  readonly caFile: string | undefined;
  readonly fileFolder: string | undefined;
  readonly userAgent: string;
  readonly times: DownloadTimes | undefined;
}

/** Work of the thread by kind: what it takes and what it answers. */
export interface ImportWork {
  readonly import: { readonly input: ImportJob; readonly output: ImportResult };
  readonly preview: {
    readonly input: ImportJob;
    readonly output: PreviewResult | Extract<ImportResult, { kind: 'failed' }>;
  };
  readonly wanted: { readonly input: WantedInputs; readonly output: WantedOutput | undefined };
  readonly overlap: { readonly input: readonly OverlapInput[]; readonly output: OverlapResult };
}

/** A name of {@link ImportWork}. */
export type ImportWorkKind = keyof ImportWork;

/** Sent to the thread. */
export type ToImportWorker =
  | {
      [Kind in ImportWorkKind]: { readonly kind: Kind; readonly id: number; readonly input: ImportWork[Kind]['input'] };
    }[ImportWorkKind]
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'answer'; readonly call: number; readonly value?: unknown; readonly error?: string };

/** A question that only the main thread can answer. */
export type ImportQuestion =
  | { readonly what: 'resolve'; readonly host: string }
  /** A packed set that is stored, for the work of this id. */
  | { readonly what: 'stored'; readonly id: number; readonly name: string };

/** Sent by the thread. */
export type FromImportWorker =
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** Now and then while there is work: something in the thread may never let go of it. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: ImportProgress }
  | { readonly kind: 'call'; readonly call: number; readonly question: ImportQuestion };
