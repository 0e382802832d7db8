import { describe, expect, it } from 'vitest';
import { holdsAddress, isAtLeast, parseLogRecord } from './log-record.ts';

const head = '2026-11-20 10:11:12,345 fail2ban.actions        [812]: NOTICE  ';
const local = Date.parse('2026-11-20T10:11:12.345Z');

describe('parseLogRecord', () => {
  it('reads time, part, level, jail and address', () => {
    expect(parseLogRecord(`${head}[sshd] Ban 203.0.113.9`)).toEqual({
      local,
      component: 'fail2ban.actions',
      level: 'NOTICE',
      jail: 'sshd',
      address: '203.0.113.9',
      text: '[sshd] Ban 203.0.113.9',
    });
  });

  it.each([
    ['[sshd] Found 2001:db8::9 - 2026-11-20 10:11:12', 'sshd', '2001:db8::9'],
    ['[sshd] Restore Ban 203.0.113.0/24', 'sshd', '203.0.113.0/24'],
    ['[sshd] Increase Ban 203.0.113.9 (2 # 1:00:00 -> 2026-11-20 11:11:12)', 'sshd', '203.0.113.9'],
    ['[sshd] Ignore 203.0.113.9 by ip', 'sshd', '203.0.113.9'],
    ['[sshd] Ban carol from 203.0.113.9', 'sshd', null],
    ['[sshd] Flush ticket(s) with iptables', 'sshd', null],
    ['Starting Fail2ban v1.0.2', null, null],
    ['Jail [sshd] Ban 203.0.113.9', null, null],
    ['', null, null],
  ])('finds jail and address only where fail2ban writes them: %s', (text, jail, address) => {
    expect(parseLogRecord(`${head}${text}`)).toMatchObject({ jail, address, text });
  });

  it.each([
    ['a line that goes on', '  File "filter.py", line 7, in run'],
    ['a head that is not at the beginning', `x${head}text`],
    ['an unknown level', head.replace('NOTICE', 'LOUDLY')],
    ['a time that is none', head.replace('2026-11-20', '2026-13-40')],
  ])('takes no head from %s', (_what, line) => {
    expect(parseLogRecord(line)).toBeUndefined();
  });

  it('is quick with a line that is made to be slow', () => {
    const line = `${head}[${'a'.repeat(64)}] ${'Restore '.repeat(20_000)}`;
    const took = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      parseLogRecord(line);
      return performance.now() - startedAt;
    });
    // One that is slow is slow each time; a busy machine is not.
    expect(Math.min(...took)).toBeLessThan(50);
  });
});

describe('holdsAddress', () => {
  it.each([
    ['Ban 203.0.113.9', true],
    ['203.0.113.9:40001 and more', false],
    ['rhost=203.0.113.9, port', true],
    ['from 203.0.113.9.', true],
    ['from 203.0.113.99', false],
    ['from 1203.0.113.9', false],
    ['from 203.0.113.9.1', false],
    ['Ban 203.0.113.9/24', false],
    ['no 203.0.113.99 but 203.0.113.9', true],
  ])('%s: %s', (text, expected) => {
    expect(holdsAddress(text, '203.0.113.9')).toBe(expected);
  });

  it('knows IPv6 in either case', () => {
    expect(holdsAddress('Ban 2001:DB8::9', '2001:db8::9')).toBe(true);
    expect(holdsAddress('Ban 2001:db8::99', '2001:db8::9')).toBe(false);
    expect(holdsAddress('Ban 1:2001:db8::9', '2001:db8::9')).toBe(false);
  });
});

describe('isAtLeast', () => {
  it('orders levels as fail2ban does', () => {
    expect(isAtLeast('ERROR', 'WARNING')).toBe(true);
    expect(isAtLeast('WARNING', 'WARNING')).toBe(true);
    expect(isAtLeast('HEAVYDEBUG', 'DEBUG')).toBe(false);
  });
});
