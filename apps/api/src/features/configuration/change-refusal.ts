import { type ChangeProblem } from './changes.dto.ts';
import { ChangeRefused } from './configuration.errors.ts';

/** What a change is refused with: each problem with the place it is in. */
export function refusalOf(problems: readonly ChangeProblem[]): ChangeRefused {
  return new ChangeRefused(
    problems.map(({ step, file, line, jail, option, message }) => {
      const place = file === null ? [jail, option] : [line === null ? file : `${file}:${line}`, option];
      const field = place.filter((part) => part !== null).join('.') || 'configuration';
      return { field, message, code: `found-by-${step}` };
    }),
  );
}
