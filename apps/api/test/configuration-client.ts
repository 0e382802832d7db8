import { expect } from 'vitest';
import { type ConfiguredJailDetail } from '../src/features/configuration/configuration.dto.ts';
import { type JailList } from '../src/features/jails/index.ts';
import { type ApiClient } from './api-client.ts';
import { eventually } from './fail2ban-api.ts';
import { operate, type OperationAnswer } from './operate.ts';

/** Where the routes of the configuration are. */
export const configurationBase = '/api/v1/configuration';

/** Asks for changes as an administrator does. */
export function configurationClient(admin: () => ApiClient) {
  const jail = async (name: string): Promise<ConfiguredJailDetail> =>
    (await admin().get<ConfiguredJailDetail>(`${configurationBase}/jails/${name}`)).body;
  /** Asks for a change and waits for its end. */
  const change = (body: object, at = 'changes'): Promise<OperationAnswer> =>
    operate(admin(), `${configurationBase}/${at}`, body);
  const set = async (name: string, options: Record<string, string>, more: object = {}): Promise<OperationAnswer> => {
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
