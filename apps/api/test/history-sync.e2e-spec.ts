import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archived, told } from './archived.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';

describe('the archive of a fail2ban with log and database', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi();
  });
  afterAll(() => api.stop());

  const ofAddress = async (address: string) => (await archived(api)).filter((event) => event.address === address);
  /** The events of an address when there are this many. */
  const events = (address: string, count: number) =>
    eventually(async () => {
      const found = await ofAddress(address);
      expect(found.map(told)).toHaveLength(count);
      return found;
    });

  it('has a ban with its lines, failures, count and duration, at the time of the log', async () => {
    const before = Date.now();
    for (let count = 0; count < 3; count += 1) await api.fail2ban.log('web', 'FAIL from 192.0.2.10 user=<b>eve</b>');
    const [ban] = await events('192.0.2.10', 1);
    expect(ban).toMatchObject({
      jail: 'web',
      action: 'ban',
      duration: 600,
      banCount: 1,
      failures: 3,
      origin: 'selfblock',
      cause: null,
      actor: null,
      reason: null,
    });
    expect(ban?.matches).toHaveLength(3);
    expect(ban?.matches[0]).toContain('FAIL from 192.0.2.10 user=<b>eve</b>');
    const [, time] =
      /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) .*Ban 192\.0\.2\.10$/m.exec(api.fail2ban.serverLog()) ?? [];
    expect(ban?.at).toBe(new Date((time ?? '').replace(' ', 'T').replace(',', '.')).getTime());
    expect(ban?.failedAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(ban?.failedAt).toBeLessThanOrEqual(ban?.at ?? 0);
  });

  it('has who unbanned through BanGUI, and what was lifted by hand', async () => {
    await api.fail2ban.client('set', 'manual', 'banip', '192.0.2.20', '192.0.2.21');
    await events('192.0.2.20', 1);
    await api.admin.post('/api/v1/bans/unban', { addresses: ['192.0.2.20'] });
    await api.fail2ban.client('set', 'manual', 'unbanip', '192.0.2.21');
    expect((await events('192.0.2.20', 2))[1]).toMatchObject({ action: 'unban', cause: 'bangui', actor: 'admin' });
    expect((await events('192.0.2.21', 2))[1]).toMatchObject({ action: 'unban', cause: 'manual', actor: null });
  });

  it('has who banned through BanGUI, and why', async () => {
    await api.admin.post('/api/v1/bans', { jail: 'manual', addresses: ['192.0.2.30'], reason: 'a <i>reason</i>' });
    expect((await events('192.0.2.30', 1))[0]).toMatchObject({
      actor: 'admin',
      reason: 'a <i>reason</i>',
      duration: -1,
    });
  });
});
