import { looksLikeAddress, splitAddresses } from './address-text';

describe('splitAddresses', () => {
  it.each([
    ['192.0.2.1', ['192.0.2.1']],
    [
      '192.0.2.1, 192.0.2.2; 2001:db8::1\n198.51.100.0/24',
      ['192.0.2.1', '192.0.2.2', '2001:db8::1', '198.51.100.0/24'],
    ],
    ['"192.0.2.1" <192.0.2.2> (192.0.2.3)', ['192.0.2.1', '192.0.2.2', '192.0.2.3']],
    ['192.0.2.1 # the scanner\n# 192.0.2.9\n192.0.2.2', ['192.0.2.1', '192.0.2.2']],
    ['192.0.2.1 192.0.2.1', ['192.0.2.1']],
    ['https://192.0.2.1/login?x=1', ['192.0.2.1']],
    ['[2001:db8::1]:443 192.0.2.1:80', ['[2001:db8::1]:443', '192.0.2.1:80']],
    ['192.0.2.1 - 192.0.2.9', ['192.0.2.1-192.0.2.9']],
    ['192.0.2.0/255.255.255.0 192.0.2.*', ['192.0.2.0/255.255.255.0', '192.0.2.*']],
    ['', []],
  ])('reads %j', (text, expected) => {
    expect(splitAddresses(text)).toEqual(expected);
  });

  it('takes only the address out of a log line', () => {
    const line = 'Nov 22 12:30:05 host sshd[41822]: Failed password for root from 198.51.100.9 port 40022 ssh2';
    expect(splitAddresses(line)).toEqual(['198.51.100.9']);
    expect(splitAddresses('2026-11-22 12:30:05,123 fail2ban.actions [7]: NOTICE [sshd] Ban 2001:db8::5')).toEqual([
      '2001:db8::5',
    ]);
  });

  it('keeps words of a line without any address, so that somebody can be told', () => {
    expect(splitAddresses('example.org\n300.1.1.1')).toEqual(['example.org', '300.1.1.1']);
  });
});

describe('looksLikeAddress', () => {
  it('knows addresses and networks from words and times', () => {
    expect(['192.0.2.1', '192.0.2.0/24', '2001:db8::', '::1', 'fe80::1%eth0'].every(looksLikeAddress)).toBe(true);
    expect(['sshd', '12:30', 'ban', '192.0.2', ''].some(looksLikeAddress)).toBe(false);
  });
});
