import { type ChangeProblem } from '../../api/generated/models';
import { lineOf } from './config-marks';

const problem = (some: Partial<ChangeProblem>): ChangeProblem => ({
  ...{ step: 'dry-run', file: null, line: null, jail: 'web', option: null, message: 'no' },
  ...some,
});
const text = '[Definition]\nfailregex = ^a <HOST>\n[Init]\nmaxlines = x\n';

describe('lineOf', () => {
  it('is the line that the problem names', () => {
    expect(lineOf(problem({ file: 'filter.d/a.local', line: 1 }), 'filter.d/a.local', text)).toBe(1);
  });

  it('is the line of the option when no line is named', () => {
    expect(lineOf(problem({ option: 'failregex' }), 'filter.d/a.local', text)).toBe(2);
    expect(lineOf(problem({ option: 'maxlines', file: 'filter.d/a.local' }), 'filter.d/a.local', text)).toBe(4);
  });

  it('is none for another file and for what is not there', () => {
    expect(lineOf(problem({ option: 'failregex', file: 'jail.local', line: 3 }), 'filter.d/a.local', text)).toBeNull();
    expect(lineOf(problem({ option: 'bantime' }), 'filter.d/a.local', text)).toBeNull();
    expect(lineOf(problem({}), 'filter.d/a.local', text)).toBeNull();
  });
});
