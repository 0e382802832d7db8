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

  it('is the line of what is quoted, within the option where one is named', () => {
    const many = '[Definition]\nignoreregex = ^(b\nfailregex = ^a <HOST>\n    ^(b\nx = %(nix)s\n';
    const bad = problem({ option: 'failregex', message: "Unable to compile regular expression '^(b':\nmissing )" });
    expect(lineOf(bad, 'filter.d/a.local', many)).toBe(4);
    expect(lineOf(problem({ message: '"%(nix)s" refers to nothing.' }), 'filter.d/a.local', many)).toBe(5);
    expect(lineOf(problem({ message: '"%(nox)s" refers to nothing.' }), 'filter.d/a.local', many)).toBeNull();
  });

  it('is the line that fail2ban has put everything into', () => {
    const many = '[Definition]\nfailregex = %(known/failregex)s\n    ^GOOD <ADDR>\n    ^BAD (<ADDR>\n';
    const bad = problem({ option: 'failregex', message: "Unable to compile '^BAD ((?P<ip4>x)': missing )" });
    expect(lineOf(bad, 'filter.d/a.local', many)).toBe(4);
  });

  it('is none for another file and for what is not there', () => {
    expect(lineOf(problem({ option: 'failregex', file: 'jail.local', line: 3 }), 'filter.d/a.local', text)).toBeNull();
    expect(lineOf(problem({ option: 'bantime' }), 'filter.d/a.local', text)).toBeNull();
    expect(lineOf(problem({}), 'filter.d/a.local', text)).toBeNull();
  });
});
