import { list, oneOf, record, string, stringOrNull, wholeNumberOrNull } from './checked-json.ts';
import {
  type FreeRegexes,
  type RegexLabGroup,
  type RegexLabLine,
  type RegexLabPart,
  type RegexLabResult,
  RegexUnusable,
} from './regex-lab-result.ts';

/** Version of the answer that regexlab.py prints and this file reads. */
const format = 1;

const outcomes = ['matched', 'missed', 'ignored'] as const;
const reasons = ['ignoreregex', 'nofail', 'pending', 'name'] as const;
const parts = ['filter', 'failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines', 'memory'] as const;

/**
 * Reads the answer of regexlab.py to a request of so many lines.
 * @throws {RegexUnusable} which the answer tells
 * @throws {TypeError} naming the first part that is not as it should be
 */
export function parseRegexLabAnswer(text: string, lines: number): Omit<RegexLabResult, 'tookMs'> {
  const answer = record(JSON.parse(text), 'answer');
  if (answer['format'] !== format) throw new TypeError(`format is ${String(answer['format'])}, not ${format}`);
  if (answer['error'] !== undefined) throw unusable(record(answer['error'], 'error'));
  const results = list(answer['lines'], 'lines', line);
  if (results.length !== lines) throw new TypeError(`there are ${results.length} results for ${lines} lines`);
  return {
    version: string(answer['version'], 'version'),
    definition: definition(record(answer['definition'], 'definition')),
    lines: results,
  };
}

function unusable(error: Record<string, unknown>): RegexUnusable {
  const part: RegexLabPart = oneOf(parts, error['part'], 'error.part');
  return new RegexUnusable(
    part,
    wholeNumberOrNull(error['index'], 'error.index'),
    string(error['message'], 'error.message'),
  );
}

function definition(of: Record<string, unknown>): FreeRegexes {
  return {
    failregex: list(of['failregex'], 'failregex', string),
    ignoreregex: list(of['ignoreregex'], 'ignoreregex', string),
    prefregex: stringOrNull(of['prefregex'], 'prefregex'),
    datepattern: stringOrNull(of['datepattern'], 'datepattern'),
    maxlines: wholeNumberOrNull(of['maxlines'], 'maxlines'),
  };
}

function line(value: unknown, at: string): RegexLabLine {
  const of = record(value, at);
  return {
    outcome: oneOf(outcomes, of['outcome'], `${at}.outcome`),
    because: of['because'] === null ? null : oneOf(reasons, of['because'], `${at}.because`),
    regex: wholeNumberOrNull(of['regex'], `${at}.regex`),
    host: stringOrNull(of['host'], `${at}.host`),
    time: wholeNumberOrNull(of['time'], `${at}.time`),
    groups: list(of['groups'], `${at}.groups`, group),
  };
}

function group(value: unknown, at: string): RegexLabGroup {
  const of = record(value, at);
  return {
    name: string(of['name'], `${at}.name`),
    value: string(of['value'], `${at}.value`),
    start: wholeNumberOrNull(of['start'], `${at}.start`),
    end: wholeNumberOrNull(of['end'], `${at}.end`),
  };
}
