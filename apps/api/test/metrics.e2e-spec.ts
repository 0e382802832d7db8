import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JailList } from '../src/features/jails/index.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';

describe('metrics', () => {
  let api: Fail2banApi;
  let token: string;

  beforeAll(async () => {
    api = await startFail2banApi();
    await eventually(async () => {
      const { items } = (await api.admin.get<JailList>('/api/v1/jails')).body;
      for (const { armed } of items) expect(armed.status).toBe('armed');
    });
    const body = { name: 'Prometheus', scopes: ['metrics:read'] };
    token = (await api.admin.post<{ token: string }>('/api/v1/tokens', body)).body.token;
  });
  afterAll(() => api.stop());

  const read = async (): Promise<string> => {
    const answer = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    return answer.text();
  };
  const sample = (text: string, line: string): number => {
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return found === undefined ? Number.NaN : Number(found.slice(line.length + 1));
  };

  it('tell of fail2ban under the names that dashboards know', async () => {
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.5');
    await eventually(async () => expect(sample(await read(), 'f2b_jail_banned_current{jail="manual"}')).toBe(1));
    const text = await read();
    expect(sample(text, 'f2b_up')).toBe(1);
    expect(text).toMatch(/^f2b_version\{version="\d+\.\d+\.\d+"\} 1$/m);
    expect(sample(text, 'f2b_jail_count')).toBe(3);
    expect(sample(text, 'f2b_jail_banned_total{jail="manual"}')).toBe(1);
    expect(sample(text, 'f2b_jail_failed_current{jail="ssh"}')).toBe(0);
    expect(sample(text, 'f2b_jail_failed_total{jail="ssh"}')).toBe(0);
    expect(sample(text, 'f2b_config_jail_ban_time{jail="ssh"}')).toBe(3600);
    expect(sample(text, 'f2b_config_jail_ban_time{jail="manual"}')).toBe(-1);
    expect(sample(text, 'f2b_config_jail_find_time{jail="ssh"}')).toBe(600);
    expect(sample(text, 'f2b_config_jail_max_retries{jail="ssh"}')).toBe(2);
    expect(sample(text, 'bangui_jail_armed{jail="ssh"}')).toBe(1);
  });

  it('tell of BanGUI itself', async () => {
    await api.admin.get('/api/v1/jails');
    await api.admin.get('/no/such/page/12345');
    const text = await read();
    expect(sample(text, 'bangui_scheduler_lock_held')).toBe(1);
    expect(sample(text, 'bangui_scheduler_lock_heartbeats_total{result="lost"}')).toBe(0);
    expect(sample(text, 'bangui_live_clients')).toBe(0);
    expect(sample(text, 'bangui_database_size_bytes{kind="sqlite"}')).toBeGreaterThan(100_000);
    expect(text).toMatch(
      /^bangui_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/jails",status="2xx"\} \d+$/m,
    );
    expect(text).not.toContain('12345');
    expect(text).toMatch(/^bangui_task_last_start_seconds\{task="history_sync"\} \d+/m);
    expect(text).toContain('process_resident_memory_bytes');
  });

  it.each(['alerts.yml', 'dashboard.json'])('are all there that docker/grafana/%s names', async (file) => {
    const wanted = readFileSync(new URL(`../../../docker/grafana/${file}`, import.meta.url), 'utf8');
    const names = new Set(wanted.match(/\b(?:f2b|bangui|process)_[a-z_0-9]+(?=[{[ )])/g));
    expect(names.size).toBeGreaterThan(5);
    // Some have no value as long as there is no list and no enforcer; every metric has its line of help.
    const known = new Set((await read()).match(/(?<=^# HELP )\S+/gm));
    for (const name of names) expect([...known]).toContain(name.replace(/_(?:bucket|count|sum)$/, ''));
  });

  it('are for those only who may read them', async () => {
    expect((await fetch(`${api.url}/metrics`)).status).toBe(401);
    expect((await api.admin.get('/metrics')).status).toBe(401);
    const body = { name: 'Feed', scopes: ['feeds:read'] };
    const other = (await api.admin.post<{ token: string }>('/api/v1/tokens', body)).body.token;
    const answer = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${other}` } });
    expect(answer.status).toBe(403);
  });

  it('say at once that fail2ban is away, and nothing about jails that are not known', async () => {
    await api.fail2ban.stop();
    await eventually(async () => expect(sample(await read(), 'f2b_up')).toBe(0));
    const text = await read();
    expect(text).not.toContain('f2b_jail_banned_current{');
    expect(sample(text, 'bangui_jail_armed{jail="ssh"}')).toBe(0);
  });
});
