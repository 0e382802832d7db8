import { type ConfiguredJail } from '@bangui/fail2ban-config';
import { describe, expect, it } from 'vitest';
import { parametersOf, proveJail } from './jail-proof.ts';
import { type LiveJail } from './live-jail.ts';

const configured: ConfiguredJail = {
  name: 'web',
  filter: 'test',
  backend: 'polling',
  failRegexes: ['^FAIL one', '^FAIL two'],
  ignoreRegexes: ['^ignored'],
  prefRegex: '',
  logPaths: ['/var/log/b.log', '/var/log/a.log'],
  journalMatches: [],
  actions: ['echo-log'],
  ignoreList: ['192.0.2.0/24', '::1'],
  ignoreSelf: false,
  parameters: {
    bantime: 600,
    findtime: 600.0,
    maxretry: 3,
    usedns: 'no',
    datepattern: [null, '^{EPOCH}'],
    logencoding: null,
    ignorecommand: false,
    ignorecache: ['<ip>', 100, 300],
    'bantime.increment': 'true',
    'bantime.multipliers': '1 2 4',
    'bantime.maxtime': null,
  },
};

const live: LiveJail = {
  failRegexes: ['^FAIL one', '^FAIL two'],
  ignoreRegexes: ['^ignored'],
  prefRegex: '',
  logPaths: ['/var/log/a.log', '/var/log/b.log'],
  journalMatches: [],
  actions: ['echo-log'],
  ignoreList: ['::1', '192.0.2.0/24'],
  ignoreSelf: false,
  parameters: new Map([
    ['bantime', '600'],
    ['findtime', '600'],
    ['maxretry', '3'],
    ['usedns', 'no'],
    ['datepattern', '^{EPOCH}'],
    ['logencoding', 'UTF-8'],
    ['ignorecommand', ''],
    ['ignorecache', '["<ip>",100,300]'],
    ['bantime.increment', 'true'],
    ['bantime.multipliers', '[1,2,4]'],
    ['bantime.maxtime', ''],
  ]),
};

const unequal = (change: Partial<LiveJail>, of: ConfiguredJail = configured): string[] =>
  proveJail(of, { ...live, ...change })
    .filter(({ equal }) => !equal)
    .map(({ part }) => part);

describe('proveJail', () => {
  it('finds a jail equal that is what its configuration means, in whatever order lists come', () => {
    expect(unequal({})).toEqual([]);
  });

  it.each<[string, Partial<LiveJail>, string]>([
    ['a missing regex', { failRegexes: ['^FAIL one'] }, 'failRegexes'],
    ['regexes in another order', { failRegexes: ['^FAIL two', '^FAIL one'] }, 'failRegexes'],
    ['another prefix regex', { prefRegex: '^x' }, 'failRegexes'],
    ['a further ignored line', { ignoreRegexes: ['^ignored', '.*'] }, 'ignoreRegexes'],
    ['a missing log file', { logPaths: ['/var/log/a.log'] }, 'logSource'],
    ['no action', { actions: [] }, 'actions'],
    ['a further ignored address', { ignoreList: ['::1', '192.0.2.0/24', '0.0.0.0/0'] }, 'ignoreList'],
    ['ignoring itself', { ignoreSelf: true }, 'ignoreList'],
    ['another length of bans', { parameters: new Map([...live.parameters, ['bantime', '1']]) }, 'parameters'],
  ])('sees %s', (_what, change, part) => {
    expect(unequal(change)).toEqual([part]);
  });

  it('lets the allowlist add to the ignore list, but nobody else, and never replace what is configured', () => {
    const isPushed = (address: string): boolean => address === '203.0.113.5' || address === '::1';
    const ignoring = (...ignoreList: string[]): boolean | undefined =>
      proveJail(configured, { ...live, ignoreList }, isPushed).find(({ part }) => part === 'ignoreList')?.equal;
    expect(ignoring('::1', '192.0.2.0/24', '203.0.113.5')).toBe(true);
    expect(ignoring('::1', '192.0.2.0/24')).toBe(true);
    expect(ignoring('192.0.2.0/24', '203.0.113.5')).toBe(false);
    expect(ignoring('::1', '192.0.2.0/24', '203.0.113.5', '203.0.113.6')).toBe(false);
  });

  it('says what exactly is different', () => {
    const part = proveJail(configured, { ...live, ignoreList: ['::1', '0.0.0.0/0'] }).find(
      ({ part: name }) => name === 'ignoreList',
    );
    expect(part?.detail).toEqual(['- 192.0.2.0/24', '+ 0.0.0.0/0']);
  });

  it('lists a hundred entries of each side, cut where they are long, and counts them all', () => {
    const ignored = Array.from({ length: 150 }, (_, host) => `198.51.100.${host}`);
    const regexes = [`^${'x'.repeat(5_000)}`];
    const parts = proveJail(
      { ...configured, ignoreList: ignored, failRegexes: regexes },
      { ...live, ignoreList: ignored, failRegexes: regexes },
    );
    const list = parts.find(({ part }) => part === 'ignoreList');
    expect(list).toMatchObject({ configuredCount: 150, actualCount: 150, equal: true });
    expect(list?.configured).toEqual(ignored.slice(0, 100));
    expect(parts.find(({ part }) => part === 'failRegexes')?.actual).toEqual([`^${'x'.repeat(1_999)}…`]);
  });

  it('does not take a jail with a filter and nothing to read for armed, even if it is configured so', () => {
    expect(unequal({ logPaths: [] }, { ...configured, logPaths: [] })).toEqual(['logSource']);
  });

  it('lets a jail on the journal read all of it, and a jail without a filter read nothing', () => {
    expect(unequal({ logPaths: [] }, { ...configured, logPaths: [], backend: 'systemd' })).toEqual([]);
    const bare = { ...configured, filter: null, failRegexes: [], logPaths: [] };
    expect(unequal({ failRegexes: [], logPaths: [] }, bare)).toEqual([]);
  });

  it('shows parameters without a configuration as they are', () => {
    expect(parametersOf(undefined, live)[0]).toEqual({ name: 'bantime', configured: null, actual: '600', equal: true });
  });
});
