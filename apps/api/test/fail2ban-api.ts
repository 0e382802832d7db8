import { fail2banTools, PrivateFail2ban, type PrivateFail2banOptions } from '@bangui/fail2ban/testing';
import { vi } from 'vitest';
import { HistorySync } from '../src/features/history/sync/index.ts';
import { type RunningApi, startApi, type StartOptions } from './harness.ts';

/** A fail2ban of the test's own and the API in front of it. */
export interface Fail2banApi extends RunningApi {
  readonly fail2ban: PrivateFail2ban;
}

/** The programs of the fail2ban that tests run, as the API is told of them. */
export function toolSettings(): Record<string, string> {
  const { client, python } = fail2banTools();
  return { BANGUI_FAIL2BAN_CLIENT: client, BANGUI_FAIL2BAN_PYTHON: python };
}

/**
 * Starts both; resolves when the API knows the jails and the archive has begun, so that from now on each ban is told as
 * one event. Stopping the API stops fail2ban too.
 */
export async function startFail2banApi(
  options: PrivateFail2banOptions = {},
  { env, ...apiOptions }: Omit<StartOptions, 'fail2ban'> = {},
): Promise<Fail2banApi> {
  const fail2ban = await PrivateFail2ban.start(options);
  const api = await startApi({ ...apiOptions, fail2ban, env: { ...toolSettings(), ...env } });
  await eventually(async () => {
    const { body } = await api.admin.get<{ online: boolean; jails: number }>('/api/v1/server');
    if (!body.online) throw new Error('fail2ban is not seen yet');
    if (api.app.get(HistorySync, { strict: false }).isBeginning) throw new Error('the archive has not begun yet');
  });
  return {
    ...api,
    fail2ban,
    stop: async () => {
      await api.stop();
      await fail2ban[Symbol.asyncDispose]();
    },
  };
}

/** Repeats until it no longer throws; the last failure is the test's. The limit leaves room for a busy machine. */
export function eventually<T>(check: () => T | Promise<T>, timeout = 25_000): Promise<T> {
  return vi.waitFor(check, { timeout, interval: 20 });
}
