import { HttpErrorResponse } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import { type Problem, ProblemError, problemOf } from '../api/problem';
import { type ExportCounter, exportCounter, exportShare } from './export-progress';
import { type ExportFormat, HistoryApi, type HistoryQuery } from './history-api';

/** An export, under way or done. */
export interface ExportState {
  readonly format: ExportFormat;
  readonly status: 'running' | 'done' | 'failed';
  readonly rows: number;
  readonly bytes: number;
  /** 0 to 1; null when nobody can tell. */
  readonly share: number | null;
  /** Seconds until the end at the present pace; null when nobody can tell. */
  readonly secondsLeft: number | null;
  /** It stopped at as many rows as were asked for. */
  readonly isCut: boolean;
  readonly problem: Problem | null;
}

/** How often the bar moves, milliseconds. */
const TELL_EVERY_MS = 150;
/** The pace is worth telling after this long, milliseconds. */
const PACE_AFTER_MS = 1500;

/** Streams the archive into a file, one export at a time; it goes on while other pages are open. */
@Service()
export class HistoryExports {
  private readonly api = inject(HistoryApi);
  private readonly state = signal<ExportState | null>(null);
  private abort: AbortController | undefined;

  readonly current = this.state.asReadonly();
  readonly isRunning = computed(() => this.state()?.status === 'running');

  /** Begins an export; `now` is the end of an open range, epoch milliseconds. */
  async start(query: HistoryQuery, format: ExportFormat, maxRows: number, now: number): Promise<void> {
    if (this.isRunning()) return;
    const abort = new AbortController();
    this.abort = abort;
    const counter = exportCounter(format);
    const progress = new Progress(counter, { from: query.from, to: query.to ?? now, maxRows });
    this.state.set(progress.tell(format, 'running', null));
    try {
      const response = await fetch(this.api.exportUrl(query, format, maxRows), { signal: abort.signal });
      if (!response.ok || !response.body) throw new ProblemError(await problemIn(response));
      const parts = await this.collect(response.body, progress, format);
      save(new Blob(parts, { type: response.headers.get('Content-Type') ?? '' }), fileName(response, format));
      this.state.set(progress.tell(format, 'done', null));
    } catch (error) {
      // Cancelled: there is nothing to say any more.
      this.state.set(abort.signal.aborted ? null : progress.tell(format, 'failed', problemOf(error)));
    }
  }

  /** Ends it; nothing is saved. The API stops reading as well. */
  cancel(): void {
    this.abort?.abort();
  }

  /** Takes what is said about the last export away. */
  dismiss(): void {
    if (!this.isRunning()) this.state.set(null);
  }

  private async collect(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    progress: Progress,
    format: ExportFormat,
  ): Promise<Blob[]> {
    // Blobs may live on disk; the pieces alone would all stay in memory.
    const parts: Blob[] = [];
    let told = 0;
    for (const reader = body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return parts;
      parts.push(new Blob([value]));
      progress.take(value);
      if (performance.now() - told < TELL_EVERY_MS) continue;
      told = performance.now();
      this.state.set(progress.tell(format, 'running', null));
    }
  }
}

class Progress {
  private bytes = 0;
  private readonly startedAt = performance.now();

  constructor(
    private readonly counter: ExportCounter,
    private readonly asked: Parameters<typeof exportShare>[1],
  ) {}

  take(part: Uint8Array): void {
    this.bytes += part.length;
    this.counter.take(part);
  }

  tell(format: ExportFormat, status: ExportState['status'], problem: Problem | null): ExportState {
    const share = exportShare(this.counter, this.asked);
    const passed = performance.now() - this.startedAt;
    const canTell = status === 'running' && share !== null && share > 0.01 && passed > PACE_AFTER_MS;
    return {
      format,
      status,
      rows: this.counter.rows,
      bytes: this.bytes,
      share,
      secondsLeft: canTell ? Math.ceil((passed / share - passed) / 1000) : null,
      isCut: this.counter.isCut,
      problem,
    };
  }
}

async function problemIn(response: Response): Promise<Problem> {
  return problemOf(new HttpErrorResponse({ status: response.status, error: await response.text() }));
}

function fileName(response: Response, format: ExportFormat): string {
  const given = /filename="?([\w.-]+)"?/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return given ?? `bangui-history.${format}`;
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken it over by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
