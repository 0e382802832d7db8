import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogLine, parseServerLine } from './log-line.ts';

const head = '2026-11-22 20:26:14,645 fail2ban.actions        [1742]: NOTICE  ';
const local = Date.parse('2026-11-22T20:26:14.645Z');

describe('a line of the log', () => {
  it.each([
    ['[manual] Ban 203.0.113.1', 'ban', 'manual', '203.0.113.1'],
    ['[manual] Unban 2001:db8::1', 'unban', 'manual', '2001:db8::1'],
    ['[web] Restore Ban 10.0.0.0/24', 'restore', 'web', '10.0.0.0/24'],
    ['[a.b_c-d] Ban 203.0.113.1\r', 'ban', 'a.b_c-d', '203.0.113.1'],
  ])('%j is understood', (text, kind, jail, address) => {
    expect(parseLogLine(head + text)).toEqual({ kind, local, jail, address, increase: undefined });
  });

  it('tells the longer duration of a repeated ban', () => {
    const observer = head.replace('actions ', 'observer');
    expect(parseLogLine(`${observer}[ssh] Increase Ban 198.51.100.7 (2 # 2h -> 2026-11-22 22:26:14)`)).toEqual({
      kind: 'increase',
      local,
      jail: 'ssh',
      address: '198.51.100.7',
      increase: { banCount: 2, localEnd: Date.parse('2026-11-22T22:26:14Z') },
    });
    expect(
      parseLogLine(`${observer}[ssh] Increase Ban 198.51.100.7 (3 # permanent -> infinite)`)?.increase?.localEnd,
    ).toBeNull();
  });

  it('is understood without padding, too', () => {
    expect(parseLogLine('2026-11-22 20:26:14,645 fail2ban.actions[1742]: NOTICE [web] Ban 203.0.113.1')?.address).toBe(
      '203.0.113.1',
    );
  });

  it.each([
    '',
    'Ban 203.0.113.1',
    '[web] Ban 203.0.113.1',
    `${head}[web] Ban root`,
    `${head}[web] Ban 203.0.113.1 `,
    `${head}[web] Ban 203.0.113.1; [web] Ban 203.0.113.2`,
    `${head}[web] already banned`,
    `${head}[web] 203.0.113.1 already banned`,
    `${head}[web] Reban 203.0.113.1`,
    `${head}[web] Flush ticket(s) with nftables`,
    `${head}[web] Ban 203.0.113.1 (1 # 2h -> 2026-11-22 22:26:14)`,
    `${head}[web] Increase Ban 203.0.113.1`,
    `${head.replace('NOTICE', 'DEBUG ')}[web] Ban 203.0.113.1`,
    `${head.replace('actions', 'filter ')}[web] Ban 203.0.113.1`,
    '2026-13-22 20:26:14,645 fail2ban.actions        [1742]: NOTICE  [web] Ban 203.0.113.1',
    `2026-11-22 20:26:14,645 fail2ban.filter         [1742]: DEBUG   Processing line with time:1 and matches: x ${head}[web] Ban 203.0.113.1`,
  ])('%j is about no ban of an address', (line) => {
    expect(parseLogLine(line)).toBeUndefined();
  });

  it('tells when the server stops and starts', () => {
    const server = '2026-11-22 20:26:17,336 fail2ban.server         [1742]: INFO    ';
    expect(parseServerLine(`${server}Shutdown in progress...`)?.kind).toBe('stop');
    expect(parseServerLine(`${server}Starting Fail2ban v1.0.2`)?.kind).toBe('start');
    expect(parseServerLine(`${server}Stopping all jails`)).toBeUndefined();
    expect(parseServerLine(`${head}Shutdown in progress...`)).toBeUndefined();
  });

  it('is looked at only as far as it can be ours', () => {
    expect(parseLogLine(`${head}[web] Ban ${'1'.repeat(1_000_000)}`)).toBeUndefined();
  });

  it('never throws, and never finds a ban behind text of strangers', () => {
    const stranger = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).filter((text) => !/^\r?$/.test(text));
    fc.assert(
      fc.property(stranger, fc.boolean(), (text, isBefore) => {
        const ours = `${head}[web] Ban 203.0.113.1`;
        const found = parseLogLine(isBefore ? text + ours : ours + text);
        if (isBefore) expect(found).toBeUndefined();
        // What follows can only make it another address, as fail2ban itself would have written it.
        else if (found) expect(found.address).toBe(`203.0.113.1${text.replace(/\r$/, '')}`);
      }),
    );
  });
});
