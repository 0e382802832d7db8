import { expect } from 'vitest';
import { type Operation } from '../src/core/operations/index.ts';
import { type ConfiguredJailDetail } from '../src/features/configuration/configuration.dto.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { type Answer, type ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';

/** Where the routes of the configuration are. */
export const configurationBase = '/api/v1/configuration';

/** A problem as a change is answered with it. */
export interface ChangeProblemAnswer {
  code: string;
  detail: string;
  errors?: { field: string; message: string; code: string }[];
}

/** What a change is answered with: its operation, or why it was not made. */
export type ChangeAnswer = Answer<Operation & ChangeProblemAnswer>;

/** Asks for changes as an administrator does. */
export function configurationClient(admin: () => ApiClient) {
  const jail = async (name: string): Promise<ConfiguredJailDetail> =>
    (await admin().get<ConfiguredJailDetail>(`${configurationBase}/jails/${name}`)).body;
  /**
   * Asks for a change and waits for its end, also where a busy machine takes longer than the request waits: what it failed
   * with is then the same.
   */
  const change = async (body: object, at = 'changes'): Promise<ChangeAnswer> => {
    const answer = await admin().post<Operation & ChangeProblemAnswer>(`${configurationBase}/${at}`, body);
    const location = answer.headers.get('Location');
    if (answer.status !== 202 || location === null) return answer;
    return eventually(async () => {
      const now = await admin().get<Operation & ChangeProblemAnswer>(location);
      expect(now.body.status).not.toBe('running');
      const { error } = now.body;
      return error ? { ...now, status: error.status, body: { ...now.body, ...error, status: now.body.status } } : now;
    });
  };
  const set = async (name: string, options: Record<string, string>, more: object = {}): Promise<ChangeAnswer> => {
    const { file } = await jail(name);
    const settings = Object.entries(options).map(([option, value]) => ({ option, value }));
    return change({ jails: [{ jail: name, set: settings, etag: file.etag }], ...more });
  };
  const allArmed = (): Promise<void> =>
    eventually(async () => {
      const { items } = (await admin().get<JailList>('/api/v1/jails')).body;
      expect(items.length).toBeGreaterThan(0);
      for (const { name, armed } of items) expect([name, armed.status]).toEqual([name, 'armed']);
    });
  return { jail, change, set, allArmed };
}
