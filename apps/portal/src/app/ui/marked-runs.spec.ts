import { markedRuns } from './marked-runs';

const shown = (text: string, ...needles: string[]): string =>
  markedRuns(text, needles)
    .map((run) => (run.isControl ? `[${run.text}]` : run.isMarked ? `*${run.text}*` : run.text))
    .join('');

describe('markedRuns', () => {
  it('marks what is looked for and names what must not act', () => {
    expect(shown('Failed for root\u001b[31m from 203.0.113.4 port 22', '203.0.113.4')).toBe(
      'Failed for root[\\x1b][31m from *203.0.113.4* port 22',
    );
    expect(shown('FAILED and failed', 'failed')).toBe('*FAILED* and *failed*');
  });

  it('takes a whole address only', () => {
    expect(shown('203.0.113.45 203.0.113.4 1203.0.113.4 203.0.113.4.', '203.0.113.4')).toBe(
      '203.0.113.45 *203.0.113.4* 1203.0.113.4 *203.0.113.4*.',
    );
    expect(shown('2001:db8::1 2001:db8::12', '2001:db8::1')).toBe('*2001:db8::1* 2001:db8::12');
  });

  it('takes needles as they are written, not as patterns', () => {
    expect(shown('a.c abc (x) [y]', 'a.c', '(x)', '[y]')).toBe('*a.c* abc *(x)* *[y]*');
    expect(shown('nothing', '')).toBe('nothing');
  });
});
