import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FreeRegexes,
  ProgramFailed,
  regexLabLimits,
  type RegexLabResult,
  RegexTooSlow,
  RegexUnusable,
  suggestionsFor,
  tryRegexes,
} from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { InvalidRequest } from '../../core/http/validation.ts';
import { type RegexHint, type RegexLabChoices, type RegexLabReport, type RegexLabTrial } from './regex-lab.dto.ts';
import {
  RegexLabBusy,
  RegexLabUnavailable,
  RegexRefused,
  RegexTookTooLong,
  RegexTooLarge,
} from './regex-lab.errors.ts';
import { WatchedLogs } from './watched-logs.ts';

/** Runs at once: each may take a whole processor for its time. */
const maxRuns = 2;
const maxFilters = 5_000;
const maxSuggestions = 100;

/** Tries filters and regular expressions on lines. */
@Injectable()
export class RegexLabService {
  private runs = 0;

  constructor(
    private readonly settings: Settings,
    private readonly logs: WatchedLogs,
  ) {}

  async choices(): Promise<RegexLabChoices> {
    const { lines, bytes, defaultTimeoutMs, maxTimeoutMs } = regexLabLimits;
    return {
      filters: await this.filters(),
      logs: this.logs.list(),
      limits: { lines, bytes, defaultTimeoutMs, maxTimeoutMs },
    };
  }

  /** @throws {AppError} why it cannot be tried, or why a run came to no end */
  async run(trial: RegexLabTrial): Promise<RegexLabReport> {
    requireOneOf(trial, 'lines', 'log');
    requireOneOf(trial, 'filter', 'failregex');
    if (this.runs >= maxRuns) throw new RegexLabBusy(Math.ceil(regexLabLimits.defaultTimeoutMs / 1000));
    this.runs += 1;
    try {
      const lines = await this.linesOf(trial);
      return reportOf(lines, await this.result(trial, lines));
    } finally {
      this.runs -= 1;
    }
  }

  private async filters(): Promise<string[]> {
    // Without the folder there are no filters; why is told by the jails.
    const names = await readdir(join(this.settings.fail2banConfigDir, 'filter.d')).catch(() => []);
    const filters = names.flatMap((name) => /^([A-Za-z0-9][\w.-]*)\.(?:conf|local)$/.exec(name)?.[1] ?? []);
    return [...new Set(filters)].sort().slice(0, maxFilters);
  }

  private async linesOf({ lines, log, lastLines = 100 }: RegexLabTrial): Promise<string[]> {
    if (log !== undefined) return this.logs.tail(log, lastLines, regexLabLimits.bytes);
    const bytes = lines?.reduce((sum, line) => sum + Buffer.byteLength(line), 0) ?? 0;
    if (bytes > regexLabLimits.bytes) {
      const message = `lines must have at most ${regexLabLimits.bytes} bytes in all`;
      throw new InvalidRequest([
        { field: 'lines', message, code: 'lines-too-large', params: { limits: [regexLabLimits.bytes] } },
      ]);
    }
    return lines ?? [];
  }

  private async result(trial: RegexLabTrial, lines: string[]): Promise<RegexLabResult> {
    const { filter, timeoutMs } = trial;
    const configDir = this.settings.fail2banConfigDir;
    const use = filter === undefined ? freeRegexes(trial) : { configDir, filter };
    try {
      return await tryRegexes({ python: this.settings.fail2banPython }, { lines, use }, { timeoutMs });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

function freeRegexes({ failregex, ignoreregex, prefregex, datepattern, maxlines }: RegexLabTrial): FreeRegexes {
  return {
    failregex: failregex ?? [],
    ignoreregex: ignoreregex ?? [],
    prefregex: prefregex ?? null,
    datepattern: datepattern ?? null,
    maxlines: maxlines ?? null,
  };
}

function requireOneOf(trial: RegexLabTrial, one: keyof RegexLabTrial, other: keyof RegexLabTrial): void {
  if ((trial[one] === undefined) === (trial[other] === undefined)) {
    const message = `there must be ${one} or ${other}, and not both`;
    throw new InvalidRequest([{ field: one, message, code: 'one-of', params: { value: other } }]);
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof RegexTooSlow) return new RegexTookTooLong(error.timeoutMs);
  if (error instanceof RegexUnusable) {
    return error.part === 'memory' ? new RegexTooLarge(regexLabLimits.memoryBytes) : new RegexRefused(error);
  }
  return error instanceof ProgramFailed ? new RegexLabUnavailable(error) : error;
}

function reportOf(
  lines: readonly string[],
  { version, definition, lines: results, tookMs }: RegexLabResult,
): RegexLabReport {
  const tried = results.map((result, index) => ({
    ...result,
    text: lines[index] ?? '',
    groups: result.groups.map((group) => ({ ...group })),
  }));
  const countOf = (outcome: string): number => tried.filter((line) => line.outcome === outcome).length;
  const takenBy = (index: number, isIgnoreRegex: boolean): number =>
    tried.filter((line) => line.regex === index && (line.because === 'ignoreregex') === isIgnoreRegex).length;
  const counted = (regexes: readonly string[], isIgnoreRegex: boolean): { regex: string; lines: number }[] =>
    regexes.map((regex, index) => ({ regex, lines: takenBy(index, isIgnoreRegex) }));
  const failregex = counted(definition.failregex, false);
  return {
    version,
    definition: { ...definition, failregex, ignoreregex: counted(definition.ignoreregex, true) },
    lines: tried,
    totals: { matched: countOf('matched'), missed: countOf('missed'), ignored: countOf('ignored') },
    neverMatched: failregex.flatMap(({ lines: taken }, index) => (taken === 0 ? [index] : [])),
    suggestions: hintsFor(definition),
    tookMs: Math.round(tookMs),
  };
}

function hintsFor({ failregex, prefregex }: FreeRegexes): RegexHint[] {
  const ofPrefix = prefregex === null ? [] : suggestionsFor(prefregex);
  const ofRegexes = failregex.flatMap((regex, index) =>
    suggestionsFor(regex, prefregex !== null).map((hint) => ({ ...hint, part: 'failregex' as const, index })),
  );
  return [...ofPrefix.map((hint) => ({ ...hint, part: 'prefregex' as const, index: null })), ...ofRegexes].slice(
    0,
    maxSuggestions,
  );
}
