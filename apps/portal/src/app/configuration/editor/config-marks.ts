import { type ChangeProblem } from '../../api/generated/models';
import { readConfigText } from './config-text';

/** A problem at a line of the text that is edited. */
export interface Mark {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * The line of a problem in the file that is edited. fail2ban itself names an option at most, whose last setting is then meant.
 * Null when the problem stands in another file, or nowhere.
 */
export function lineOf(problem: ChangeProblem, path: string, text: string): number | null {
  if (problem.file !== null && problem.file !== path) return null;
  if (problem.file === path && problem.line !== null) return problem.line;
  const wanted = problem.option?.toLowerCase();
  if (wanted === undefined) return null;
  const options = readConfigText(text).flatMap((section) => section.options);
  return options.findLast(({ name }) => name === wanted)?.line ?? null;
}
