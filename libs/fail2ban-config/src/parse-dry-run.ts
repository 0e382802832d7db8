import { boolean, list, record, string, stringOrNull } from './checked-json.ts';
import type { ConfigurationProblem, ConfiguredJail, ConfiguredValue, DryRun, StreamCommand } from './configuration.ts';

/** Version of the answer that dryrun.py prints and this file reads. */
const format = 1;

/** Deeper than anything fail2ban's commands hold. */
const maxDepth = 8;

/** Reads the answer of dryrun.py. Throws a TypeError naming the first part that is not as it should be. */
export function parseDryRun(text: string): Omit<DryRun, 'tookMs'> {
  const answer = record(JSON.parse(text), 'answer');
  if (answer['format'] !== format) throw new TypeError(`format is ${String(answer['format'])}, not ${format}`);
  return {
    version: string(answer['version'], 'version'),
    problems: list(answer['problems'], 'problems', problem),
    jails: list(answer['jails'], 'jails', jail),
    stream: list(answer['stream'], 'stream', command),
  };
}

function problem(value: unknown, at: string): ConfigurationProblem {
  const of = record(value, at);
  return {
    jail: stringOrNull(of['jail'], `${at}.jail`),
    option: stringOrNull(of['option'], `${at}.option`),
    message: string(of['message'], `${at}.message`),
  };
}

function jail(value: unknown, at: string): ConfiguredJail {
  const of = record(value, at);
  const strings = (key: string) => list(of[key], `${at}.${key}`, string);
  return {
    name: string(of['name'], `${at}.name`),
    filter: stringOrNull(of['filter'], `${at}.filter`),
    backend: string(of['backend'], `${at}.backend`),
    failRegexes: strings('failRegexes'),
    ignoreRegexes: strings('ignoreRegexes'),
    prefRegex: string(of['prefRegex'], `${at}.prefRegex`),
    logPaths: strings('logPaths'),
    journalMatches: list(of['journalMatches'], `${at}.journalMatches`, (match, where) => list(match, where, string)),
    actions: strings('actions'),
    ignoreList: strings('ignoreList'),
    ignoreSelf: boolean(of['ignoreSelf'], `${at}.ignoreSelf`),
    parameters: Object.fromEntries(
      Object.entries(record(of['parameters'], `${at}.parameters`)).map(([name, parameter]) => [
        name,
        plainValue(parameter, `${at}.parameters.${name}`, 0),
      ]),
    ),
  };
}

function command(value: unknown, at: string): StreamCommand {
  return list(value, at, (item, where) => plainValue(item, where, 0));
}

function plainValue(value: unknown, at: string, depth: number): ConfiguredValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (depth >= maxDepth) throw new TypeError(`${at} is nested too deeply`);
  return list(value, at, (item, where) => plainValue(item, where, depth + 1));
}
