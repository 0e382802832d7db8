import { matchesWords, parsePaletteQuery } from './palette-query';

const jails = ['sshd', 'nginx-http-auth'];

describe('parsePaletteQuery', () => {
  it('looks up a bare address or network', () => {
    expect(parsePaletteQuery(' 192.0.2.1 ', jails)).toEqual({ kind: 'address', address: '192.0.2.1' });
    expect(parsePaletteQuery('2001:db8::/32', jails)).toEqual({ kind: 'address', address: '2001:db8::/32' });
  });

  it('bans in the jail that is named, or asks for it', () => {
    expect(parsePaletteQuery('ban 192.0.2.1 sshd', jails)).toEqual({
      kind: 'ban',
      addresses: ['192.0.2.1'],
      jail: 'sshd',
    });
    expect(parsePaletteQuery('Sperre 192.0.2.1, 192.0.2.2', jails)).toEqual({
      kind: 'ban',
      addresses: ['192.0.2.1', '192.0.2.2'],
      jail: undefined,
    });
  });

  it('unbans', () => {
    expect(parsePaletteQuery('unban 2001:db8::1', jails)).toEqual({ kind: 'unban', addresses: ['2001:db8::1'] });
  });

  it('searches for everything else, also for half a command', () => {
    expect(parsePaletteQuery('ban', jails)).toEqual({ kind: 'search', words: ['ban'] });
    expect(parsePaletteQuery('NGINX auth', jails)).toEqual({ kind: 'search', words: ['nginx', 'auth'] });
    expect(parsePaletteQuery('', jails)).toEqual({ kind: 'search', words: [] });
  });
});

describe('matchesWords', () => {
  it('finds all words in any order', () => {
    expect(matchesWords('Jails nginx-http-auth', ['auth', 'nginx'])).toBe(true);
    expect(matchesWords('Jails nginx-http-auth', ['auth', 'sshd'])).toBe(false);
  });
});
