import { type ChangeProblem } from '../../api/generated/models';
import { readConfigText } from './config-text';

/** A problem at a line of the text that is edited. */
export interface Mark {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * The line of a problem in the file that is edited. fail2ban itself names an option at most, whose last setting is then meant; what
 * it quotes of the text is nearer still. Null when the problem stands in another file, or nowhere.
 */
export function lineOf(problem: ChangeProblem, path: string, text: string): number | null {
  if (problem.file !== null && problem.file !== path) return null;
  if (problem.file === path && problem.line !== null) return problem.line;
  const quoted = /"([^"\n]{2,})"|'([^'\n]{2,})'/.exec(problem.message);
  const fragment = quoted?.[1] ?? quoted?.[2];
  const wanted = problem.option?.toLowerCase();
  if (wanted === undefined) return fragment === undefined ? null : lineWith(fragment, text, 1, Infinity);
  const options = readConfigText(text).flatMap((section) => section.options);
  const option = options.findLast(({ name }) => name === wanted);
  if (!option) return null;
  const count = option.value.split('\n').length;
  const found = fragment === undefined ? null : lineWith(fragment, text, option.line, count);
  return found ?? option.line + beginningOf(fragment ?? '', option.value.split('\n'));
}

/**
 * Which of the lines became the fragment, from 0. fail2ban quotes an expression with everything put in, so that only what stands
 * before the first tag or reference is still the same. 0 when none did.
 */
function beginningOf(fragment: string, lines: readonly string[]): number {
  const literal = lines.map((line) => line.split(/<|%\(/, 1)[0] ?? '');
  const best = literal.reduce((a, b) => (fragment.startsWith(b) && b.length > a.length ? b : a), '');
  return best === '' ? 0 : literal.indexOf(best);
}

/** The first of some lines that has the fragment. */
function lineWith(fragment: string, text: string, first: number, count: number): number | null {
  const lines = text.split(/\r\n|\r|\n/).slice(first - 1, first - 1 + count);
  const index = lines.findIndex((line) => line.includes(fragment));
  return index === -1 ? null : first + index;
}
