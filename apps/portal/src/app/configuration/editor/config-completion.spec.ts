import { offersAt } from './config-completion';

const names = { filters: ['sshd', 'test'], actions: ['echo-log'] };
const at = (text: string, kind: 'jail' | 'filter' | 'action' = 'filter') => {
  const lines = text.split('\n');
  return offersAt({ text, line: lines.length, before: lines.at(-1) ?? '' }, kind, names);
};

describe('offersAt', () => {
  it('offers sections that are not there yet', () => {
    expect(at('[Definition]\n[')).toEqual({
      from: 0,
      kind: 'section',
      texts: ['[INCLUDES]', '[DEFAULT]', '[Init]'],
    });
  });

  it('offers options of the kind of file that the section has not', () => {
    expect(at('[Definition]\nfailregex = a\nign')?.texts).toContain('ignoreregex = ');
    expect(at('[Definition]\nfailregex = a\nfail')?.texts).not.toContain('failregex = ');
    expect(at('[INCLUDES]\nbe')?.texts).toEqual(['before = ', 'after = ']);
    expect(at('[Definition]\nact', 'action')?.texts).toContain('actionban = ');
    expect(at('[sshd]\nbant', 'jail')?.texts).toContain('bantime.increment = ');
  });

  it('offers what an option may be', () => {
    expect(at('[sshd]\nfilter = s', 'jail')).toEqual({ from: 9, kind: 'value', texts: ['sshd', 'test'] });
    expect(at('[sshd]\nbanaction = ', 'jail')?.texts).toEqual(['echo-log']);
    expect(at('[sshd]\nmaxretry = ', 'jail')).toBeNull();
  });

  it('offers references to what is known, first of the option itself, and to options of the file', () => {
    const offer = at('[Definition]\n_daemon = x\nfailregex = %(');
    expect(offer).toMatchObject({ from: 12, kind: 'reference' });
    expect(offer?.texts.slice(0, 1)).toEqual(['%(known/failregex)s']);
    expect(offer?.texts).toContain('%(_daemon)s');
  });

  it('offers tags in values and in lines that continue them, with the end of what was opened', () => {
    expect(at('[Definition]\nfailregex = ^a from <')?.texts).toContain('<HOST>');
    expect(at('[Definition]\nfailregex = ^a\n  ^b <AD')).toMatchObject({ from: 5, kind: 'tag' });
    expect(at('[Definition]\nfailregex = <F-USER>x</')?.texts).toContain('</F-USER>');
    expect(at('[Definition]\nactionban = echo <', 'action')?.texts).toContain('<ip>');
  });

  it('offers nothing in comments and in names of groups', () => {
    expect(at('[Definition]\n# fail')).toBeNull();
    expect(at('[Definition]\nfailregex = (?P<na')).toBeNull();
  });
});
