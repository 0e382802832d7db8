import { grouped } from '../../../core/grouped.ts';
import { type RunEnd } from '../store/runs.repository.ts';
import { type ImportError, type ImportRunEntity } from '../store/run.entity.ts';
import { type ImportLogEntity, type ImportLogLevel } from '../store/log.entity.ts';
import { backOffMs } from '../sources/source-state.ts';
import { type Funnel } from './funnel.ts';
import { type ImportResult } from './import-job.ts';

/** Failures that another attempt will not mend before somebody does something. */
const lasting: readonly ImportError[] = ['unauthorized', 'refused', 'malformed', 'settings', 'suspicious'];

/** What is kept of a list that came: its funnel and the hash by which it can be rejected. */
export type StoredFunnel = Funnel & { readonly contentHash: string };

type Failure = Extract<ImportResult, { kind: 'failed' }>;

/** The end of a run without a failure. */
export function ended(
  outcome: 'ok' | 'unchanged' | 'suspicious' | 'interrupted',
  message: string,
  now: number,
): RunEnd {
  return { outcome, finishedAt: now, error: null, message, retryAt: null, failures: 0, funnel: null };
}

/** The end of a run that failed, with the time before which it is not tried again. */
export function failed(
  {
    code,
    message,
    retryAfterMs,
  }: { readonly code: ImportError; readonly message: string; readonly retryAfterMs?: number | undefined },
  previous: Pick<ImportRunEntity, 'failures'> | undefined,
  now: number,
): RunEnd {
  const failures = (previous?.failures ?? 0) + 1;
  const pause = Math.max(retryAfterMs ?? 0, lasting.includes(code) ? 0 : backOffMs(failures));
  return {
    outcome: 'failed',
    finishedAt: now,
    error: code,
    message,
    retryAt: pause > 0 ? now + pause : null,
    failures,
    funnel: null,
  };
}

/** A failure that came about outside of the thread. */
export function failureWith(code: Failure['code'], error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', code, message: message.slice(0, 500), retryAfterMs: undefined };
}

/** The funnel as lines of a log. */
export function logOf(runId: string, funnel: Funnel, at: number): ImportLogEntity[] {
  const lines: [ImportLogLevel, string][] = [
    [
      'info',
      `Downloaded ${grouped(funnel.downloadedBytes)} bytes, ${grouped(funnel.unpackedBytes)} unpacked; ${grouped(funnel.entries)} entries.`,
    ],
  ];
  const dropped = (count: number, why: string): void => {
    if (count > 0) lines.push(['warn', `Left out ${grouped(count)} ${why}.`]);
  };
  dropped(funnel.invalid, 'lines that are no address');
  dropped(funnel.tooBroad, 'networks that are too broad');
  dropped(funnel.beyondLimit, 'entries beyond the limit of the source');
  for (const [name, { ranges }] of Object.entries(funnel.special)) dropped(ranges, `ranges of ${name} addresses`);
  dropped(funnel.own.ranges, 'ranges of this machine and its gateways');
  lines.push([
    'info',
    `${grouped(funnel.ranges)} ranges in all: ${grouped(funnel.addedRanges)} came, ${grouped(funnel.removedRanges)} went.`,
  ]);
  return lines.map(([level, message], position) => ({ runId, position, at, level, message: message.slice(0, 500) }));
}

/** The reason of a failure as the line of a log. */
export function logLine(runId: string, level: ImportLogLevel, message: string, at: number): ImportLogEntity {
  return { runId, position: 0, at, level, message: message.slice(0, 500) };
}
