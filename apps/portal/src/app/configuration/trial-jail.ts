import { type ChangeProblem, type JailEdit } from '../api/generated/models';
import { type DefinitionKind } from './configuration-api';

const TRIAL_JAIL = 'bangui-trial';

/**
 * A jail that uses a filter or an action, for a check only: fail2ban looks into those alone that an enabled jail uses. It reads
 * a log that is always there and empty.
 */
export function trialOf(kind: DefinitionKind, name: string): JailEdit {
  const uses =
    kind === 'filters' ? { filter: name, action: '' } : { filter: '', action: `${name}[name=${TRIAL_JAIL}]` };
  const options = { enabled: 'true', backend: 'polling', logpath: '/dev/null', ...uses };
  return {
    jail: TRIAL_JAIL,
    set: Object.entries(options).map(([option, value]) => ({ option, value })),
    unset: [],
    etag: null,
  };
}

/** A problem without the jail that is there for the check only, which nobody knows. */
export function withoutTrial(problem: ChangeProblem): ChangeProblem {
  if (problem.jail !== TRIAL_JAIL) return problem;
  // In the trial's own file nothing can be put right.
  const isItsFile = problem.file?.endsWith(`-${TRIAL_JAIL}.local`) === true;
  return { ...problem, jail: null, ...(isItsFile && { file: null, line: null, option: null }) };
}
