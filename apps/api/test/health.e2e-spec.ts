import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from './harness.ts';

describe('health without fail2ban', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it('answers 503 with exactly the specified members', async () => {
    const answer = await api.anonymous.get('/api/health');
    expect(answer.status).toBe(503);
    expect(answer.text).toBe('{"status":"unavailable","fail2ban":"offline"}');
  });
});
