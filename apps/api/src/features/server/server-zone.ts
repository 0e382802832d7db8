import { Injectable } from '@nestjs/common';

/** Zones differ by quarters of an hour. */
const stepMinutes = 15;
/** A comparison that is further off than this is of two different moments, in milliseconds. */
const defaultToleranceMs = 90_000;
/** The last line of a log and the time its file was changed are this close, in milliseconds. */
const writeToleranceMs = 5_000;
const lineTime = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) /;
const dayMs = 86_400_000;

/** A moment told by a local clock. */
export interface LocalMoment {
  /** Epoch milliseconds. */
  readonly at: number;
  /** True when the clock showed this time twice, an hour apart, so that the other one may be meant. */
  readonly isAmbiguous: boolean;
}

/**
 * The zone of fail2ban's clock. fail2ban writes and tells local times without a zone, and it may run with another zone
 * than this process. The difference is measured by whoever sees one moment in both forms. As long as it equals that of
 * this process now, the rules of this process's zone are used, which know about summer time in the past.
 */
@Injectable()
export class ServerZone {
  private measured: number | undefined;

  /** Minutes fail2ban's clock is ahead of UTC; undefined when it goes like the clock of this process. */
  get offsetMinutes(): number | undefined {
    return this.measured;
  }

  /**
   * Takes in one moment in both forms. Two that do not belong together are noticed and ignored.
   * @param local what fail2ban's clock showed, read as if it were UTC, in epoch milliseconds
   * @param at the moment, in epoch milliseconds
   * @param toleranceMs how far apart the two forms of one moment may be
   * @returns whether they belong together
   */
  observe(local: number, at: number, toleranceMs = defaultToleranceMs): boolean {
    const minutes = Math.round((local - at) / (stepMinutes * 60_000)) * stepMinutes;
    if (Math.abs(local - at - minutes * 60_000) > toleranceMs || Math.abs(minutes) > 15 * 60) return false;
    this.measured = minutes === offsetAt(at) ? undefined : minutes;
    return true;
  }

  /**
   * Takes in the last line of fail2ban's log, which was written when the file was changed last.
   * @param writtenAt when that was, in epoch milliseconds
   * @returns whether the line has a time that belongs to that moment
   */
  observeLine(line: string, writtenAt: number): boolean {
    const [, date, time, milliseconds] = lineTime.exec(line) ?? [];
    if (date === undefined || time === undefined) return false;
    const local = Date.parse(`${date}T${time}.${milliseconds ?? '000'}Z`);
    return !Number.isNaN(local) && this.observe(local, writtenAt, writeToleranceMs);
  }

  /**
   * The moment of a local time.
   * @param local the local time read as if it were UTC, in epoch milliseconds
   * @param notBefore where known, a moment that was certainly not later: it tells the two passes of a repeated hour apart
   */
  momentOf(local: number, notBefore?: number): LocalMoment {
    if (this.measured !== undefined) return { at: local - this.measured * 60_000, isAmbiguous: false };
    const candidates = [...new Set([offsetAt(local - dayMs), offsetAt(local + dayMs)])]
      .map((minutes) => local - minutes * 60_000)
      .filter((at) => at + offsetAt(at) * 60_000 === local)
      .sort((one, other) => one - other);
    const [first, second] = candidates;
    // A time that the clock skipped in spring; nobody saw it.
    if (first === undefined) return { at: local - offsetAt(local) * 60_000, isAmbiguous: false };
    if (second === undefined) return { at: first, isAmbiguous: false };
    const isSecond = notBefore !== undefined && first < notBefore - 60_000;
    return { at: isSecond ? second : first, isAmbiguous: notBefore === undefined };
  }
}

/** Minutes that the clock of this process is ahead of UTC at a moment. */
function offsetAt(at: number): number {
  return -new Date(at).getTimezoneOffset();
}
