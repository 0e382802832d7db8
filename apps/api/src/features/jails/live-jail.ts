import { type CallOptions, Fail2banClient, type JailParameter as ParameterName } from '@bangui/fail2ban';
import { type ConfiguredValue } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';

/** What the server really has of a jail, read with the same questions as the configured one. */
export interface LiveJail {
  readonly failRegexes: readonly string[];
  readonly ignoreRegexes: readonly string[];
  readonly prefRegex: string;
  readonly logPaths: readonly string[];
  /** One text for each alternative; its conditions are joined by spaces. */
  readonly journalMatches: readonly string[];
  readonly actions: readonly string[];
  readonly ignoreList: readonly string[];
  readonly ignoreSelf: boolean;
  /** By fail2ban's name, in the form of {@link parameterText}. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The parameters that are read and compared. */
export const comparedParameters = [
  'bantime',
  'findtime',
  'maxretry',
  'maxmatches',
  'maxlines',
  'usedns',
  'datepattern',
  'logtimezone',
  'logencoding',
  'ignorecommand',
  'ignorecache',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
] as const satisfies readonly ParameterName[];

/** Reads jails back from the server. */
@Injectable()
export class LiveJails {
  constructor(private readonly client: Fail2banClient) {}

  /**
   * Some 25 short questions, asked all at once: they go out in one write.
   * @throws what the client throws
   */
  async read(jail: string, options: CallOptions = {}): Promise<LiveJail> {
    const { client } = this;
    const [values, failRegexes, ignoreRegexes, prefRegex, logPaths, journalMatches, actions, ignoreList, ignoreSelf] =
      await Promise.all([
        Promise.all(comparedParameters.map((name) => client.get(jail, name, options))),
        client.failRegexes(jail, options),
        client.ignoreRegexes(jail, options),
        client.get(jail, 'prefregex', options),
        client.logPaths(jail, options),
        client.journalMatches(jail, options),
        client.actions(jail, options),
        client.ignoreList(jail, options),
        client.ignoreSelf(jail, options),
      ]);
    const parameters = new Map(comparedParameters.map((name, index) => [name, parameterText(values[index])]));
    return {
      failRegexes,
      ignoreRegexes,
      prefRegex: parameterText(prefRegex),
      logPaths,
      journalMatches: journalTexts(journalMatches),
      actions,
      ignoreList,
      ignoreSelf,
      parameters,
    };
  }
}

/** One text for each alternative of a journal match. */
export function journalTexts(matches: readonly (readonly string[])[]): string[] {
  return matches.map((conditions) => conditions.join(' '));
}

/** What {@link parameterText} gives for a value as the dry run tells it. */
export function configuredParameterText(name: string, value: ConfiguredValue): string {
  if (name === 'datepattern' && Array.isArray(value)) return parameterText(value[0] ?? value[1]);
  if (name === 'bantime.increment' || name === 'bantime.overalljails') {
    return parameterText(/^(?:1|on|true|yes)$/i.test(parameterText(value)));
  }
  if (name === 'bantime.multipliers' && typeof value === 'string') {
    return parameterText(value.trim().split(/\s+/).map(Number));
  }
  return parameterText(value);
}

/** One text for a value of a parameter, whichever side it comes from: only so can they be compared. */
export function parameterText(value: unknown): string {
  if (value === null || value === undefined || value === false) return '';
  if (value === true) return 'true';
  if (typeof value === 'number') return String(Math.round(value));
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !Array.isArray(value)) return JSON.stringify(Object.values(value));
  return JSON.stringify(value);
}
