import { Fail2banClient, isJailName } from '@bangui/fail2ban';
import { ScriptedServer, success } from '@bangui/fail2ban/testing';
import { describe, expect, it } from 'vitest';
import { comparedParameters, LiveJails } from './live-jail.ts';

/** What fail2ban says of a jail, by the word after its name; nothing else is set. */
const answers: Readonly<Record<string, Parameters<typeof success>[0]>> = {
  ...{ bantime: 600, findtime: 60, maxretry: 3, maxmatches: 5, maxlines: 1, usedns: 'no', logencoding: 'UTF-8' },
  ...{ prefregex: 'prefix', failregex: ['fail'], ignoreregex: ['ignore'], logpath: ['/var/log/x'], actions: ['act'] },
  ...{ journalmatch: [['_A=1', '_B=2']], ignoreip: ['192.0.2.1'], ignoreself: true, 'bantime.increment': true },
};

describe('a jail that is read back', () => {
  it('is asked for everything in one write', async () => {
    await using server = await ScriptedServer.start((request) => {
      const word = Array.isArray(request) ? request[2] : undefined;
      return success(typeof word === 'string' ? (answers[word] ?? null) : 'pong');
    });
    const client = new Fail2banClient({ socketPath: server.socketPath });
    try {
      await client.ping();
      const { parameters, ...live } = await new LiveJails(client).read('web');
      expect(live).toEqual({
        ...{ failRegexes: ['fail'], ignoreRegexes: ['ignore'], prefRegex: 'prefix', logPaths: ['/var/log/x'] },
        ...{ journalMatches: ['_A=1 _B=2'], actions: ['act'], ignoreList: ['192.0.2.1'], ignoreSelf: true },
      });
      expect([...parameters.keys()]).toEqual([...comparedParameters]);
      expect(Object.fromEntries([...parameters].filter(([, text]) => text !== ''))).toEqual({
        ...{ bantime: '600', findtime: '60', maxretry: '3', maxmatches: '5', maxlines: '1', usedns: 'no' },
        ...{ logencoding: 'UTF-8', 'bantime.increment': 'true' },
      });
      // The ping and this.
      expect(server.chunks).toBe(2);
    } finally {
      await client.close();
    }
  });

  it('is refused, and nothing else happens, when its name cannot be asked for', async () => {
    const client = new Fail2banClient({ socketPath: '/nonexistent/f2b.sock' });
    expect(isJailName('a b')).toBe(false);
    await expect(new LiveJails(client).read('a b')).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
