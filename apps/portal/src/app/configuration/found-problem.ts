import { type ChangeProblem } from '../api/generated/models';
import { type FieldProblem } from '../api/problem';

/** Which check found a problem; null when it was found before any check. */
export type ProblemStep = ChangeProblem['step'] | null;

/** Something that keeps a change from being made, with the place as far as it is known. */
export interface FoundProblem {
  readonly step: ProblemStep;
  /** `filter.d/my-app.local:3`, `sshd.bantime`; '' when it cannot be told. */
  readonly place: string;
  /** The API's or fail2ban's own words. */
  readonly message: string;
}

/** What a check found. */
export function problemsOfCheck(problems: readonly ChangeProblem[]): readonly FoundProblem[] {
  return problems.map(({ step, file, line, jail, option, message }) => ({
    step,
    place: [
      file === null ? null : line === null ? file : `${file}:${String(line)}`,
      [jail, option].filter((part) => part !== null).join(' · '),
    ]
      .filter((part) => part !== null && part !== '')
      .join(' · '),
    message,
  }));
}

/** What was found when the change was about to be made. */
export function problemsOfRefusal(errors: readonly FieldProblem[]): readonly FoundProblem[] {
  return errors.map(({ field, message, code }) => ({
    step: STEPS.find((step) => code === `found-by-${step}`) ?? null,
    place: field,
    message,
  }));
}

const STEPS: readonly ChangeProblem['step'][] = ['reader', 'test', 'dry-run', 'probe'];
