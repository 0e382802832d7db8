import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { KernelApplier } from '../../enforcer/src/kernel-applier.ts';
import { manyAddresses } from '../../enforcer/src/testing/many-addresses.ts';
import { NetworkPair, PINGS_OF_A_RELOAD as PINGS } from '../../enforcer/src/testing/network-pair.ts';
import { type EnforcementStatus } from '../src/features/enforcement/enforcement.dto.ts';
import { type EnforcementApi, removePlace, setOf, startEnforcementApi } from './enforcement-place.ts';
import { EnforcerProcess } from './enforcer-process.ts';
import { eventually } from './fail2ban-api.ts';

const LISTED = '198.51.100.7';
const GOOD = '192.0.2.5';
const ALLOWED = '198.51.100.8';
const blocked = setOf('198.51.100.0/24');
const allowed = setOf(ALLOWED);

let pair: NetworkPair;
let api: EnforcementApi;
let stateDir: string;
const running = new Set<EnforcerProcess>();

beforeAll(async () => {
  pair = await NetworkPair.open([LISTED, GOOD, ALLOWED]);
  api = await startEnforcementApi();
});
afterAll(async () => {
  pair.close();
  await api.stop();
  await removePlace(api.dir);
});
beforeEach(async () => {
  await new KernelApplier(pair.host).remove();
  stateDir = await mkdtemp(join(tmpdir(), 'bgui-state-'));
});
afterEach(async () => {
  for (const process of running) await process.end('SIGKILL');
  running.clear();
  await rm(stateDir, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}, args: readonly string[] = []): EnforcerProcess {
  const enforcer = EnforcerProcess.start(
    pair.intoHost,
    {
      BANGUI_ENFORCER_SOCKET: api.socket,
      BANGUI_ENFORCER_STATE_DIR: stateDir,
      BANGUI_ENFORCER_NAME: 'under-test',
      BANGUI_ENFORCER_CHECK_SECONDS: '1',
      ...env,
    },
    args,
  );
  running.add(enforcer);
  return enforcer;
}

/** Starts one and confirms its first activation. */
async function startConfirmed(env: Record<string, string> = {}): Promise<EnforcerProcess> {
  api.lists.set(blocked, allowed);
  const enforcer = start(env);
  await enforcer.says('"wanted_applied"');
  await eventually(async () => {
    const { status } = await api.admin.post('/api/v1/enforcement/confirm');
    if (status !== 200) throw new Error('It has not reported yet.');
  });
  await enforcer.says('"enforcer_trial_confirmed"');
  return enforcer;
}

async function standing(): Promise<EnforcementStatus['enforcers'][number] | undefined> {
  const { body } = await api.admin.get<EnforcementStatus>('/api/v1/enforcement');
  return body.enforcers.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)[0];
}

const isReached = async (source: string): Promise<boolean> => (await pair.ping(source)).received === 1;

it('drops a listed source and lets an allowed one through, and reports what it drops', async () => {
  await startConfirmed();
  expect(await isReached(LISTED)).toBe(false);
  expect(await isReached(ALLOWED)).toBe(true);
  expect(await isReached(GOOD)).toBe(true);
  // The gateway of the machine is never blocked, whatever a list says.
  const generation = api.lists.set(setOf('198.51.100.0/24', '198.18.0.0/15'));
  await eventually(async () =>
    expect(await standing()).toMatchObject({ standing: 'current', applied: { generation } }),
  );
  expect(await isReached('198.18.0.2')).toBe(true);
  expect((await standing())?.applied?.droppedPackets).toBeGreaterThan(0);
});

it('lets no packet through and loses none while everything is loaded anew', async () => {
  const enforcer = await startConfirmed();
  const big = [manyAddresses(50_000, 1).union(setOf(LISTED)), manyAddresses(50_000, 2).union(blocked)] as const;
  const sources = [LISTED, ALLOWED, GOOD];
  const pings = Promise.all(sources.map((source) => pair.ping(source, PINGS, 0.01)));
  const done = new AbortController();
  void pings.finally(() => done.abort());
  let loads = 0;
  while (!done.signal.aborted || loads < 2) {
    const from = enforcer.count;
    loads += 1;
    api.lists.set(big[loads % 2 === 0 ? 0 : 1], allowed);
    await api.admin.post('/api/v1/enforcement/resync');
    await enforcer.says('"method":"full"', from);
  }
  const [listed, spared, good] = await pings;
  console.log(
    `enforcer: ${PINGS} pings each during ${loads} full loads: ${listed?.received} of a listed source came through, ` +
      `${spared?.received} of an allowed one, ${good?.received} of another`,
  );
  expect(listed).toEqual({ sent: PINGS, received: 0 });
  expect(spared).toEqual({ sent: PINGS, received: PINGS });
  expect(good).toEqual({ sent: PINGS, received: PINGS });
}, 120_000);

it('leaves the old set in force when it is killed in the middle of a load, and loads the new one when it is back', async () => {
  const enforcer = await startConfirmed();
  const generation = api.lists.set(manyAddresses(400_000, 1).union(setOf(GOOD)), allowed);
  await eventually(async () => {
    const headers = await pair.host.run('ipset', ['list', '-t']);
    const [, entries = '0'] = /^Name: bangui-h4b\n(?:.*\n)*?Number of entries: (\d+)/m.exec(headers) ?? [];
    if (Number(entries) < 1_000) throw new Error('The load has not begun.');
  });
  await enforcer.end('SIGKILL');
  expect(await isReached(LISTED)).toBe(false);
  expect(await isReached(GOOD)).toBe(true);
  start();
  // A load of this size takes seconds, also where nothing else is done.
  await eventually(
    async () => expect(await standing()).toMatchObject({ standing: 'current', applied: { generation } }),
    75_000,
  );
  expect(await isReached(LISTED)).toBe(true);
  expect(await isReached(GOOD)).toBe(false);
}, 120_000);

it.each([
  ['the sets were flushed', 'ipset', ['flush']],
  ['the rules were flushed', 'iptables', ['-t', 'raw', '-F']],
] as const)('restores within 10 s when %s', async (_what, program, args) => {
  await startConfirmed({ BANGUI_ENFORCER_CHECK_SECONDS: '5' });
  const at = Date.now();
  await pair.host.run(program, args);
  const flushedAt = performance.now();
  expect(await isReached(LISTED)).toBe(true);
  let askedAt = flushedAt;
  await eventually(async () => {
    // A packet that is dropped is waited for; it was dropped when it came.
    askedAt = performance.now();
    expect(await isReached(LISTED)).toBe(false);
  });
  expect(askedAt - flushedAt).toBeLessThan(10_000);
  await eventually(async () => {
    const found = await standing();
    expect(found?.standing).toBe('current');
    expect(found?.repaired?.at).toBeGreaterThanOrEqual(at);
  });
});

it('undoes its first activation unless somebody confirms it, and tries again after a resync', async () => {
  api.lists.set(blocked, allowed);
  const enforcer = start({ BANGUI_ENFORCER_TRIAL_SECONDS: '5' });
  await enforcer.says('"wanted_applied"');
  expect(await isReached(LISTED)).toBe(false);
  await enforcer.says('"enforcer_trial_reverted"');
  expect(await isReached(LISTED)).toBe(true);
  await eventually(async () => expect(await standing()).toMatchObject({ standing: 'reverted', applied: null }));
  const from = enforcer.count;
  await api.admin.post('/api/v1/enforcement/resync');
  await enforcer.says('"enforcer_trial_started"', from);
  await eventually(async () => expect(await isReached(LISTED)).toBe(false));
});

it('undoes a trial also when it was killed meanwhile', async () => {
  api.lists.set(blocked, allowed);
  const killed = start({ BANGUI_ENFORCER_TRIAL_SECONDS: '5' });
  await killed.says('"wanted_applied"');
  await killed.end('SIGKILL');
  expect(await isReached(LISTED)).toBe(false);
  await start({ BANGUI_ENFORCER_TRIAL_SECONDS: '5' }).says('"enforcer_trial_reverted"');
  expect(await isReached(LISTED)).toBe(true);
});

it('keeps the last set while the API is away, also over its own restart and after a flush', async () => {
  const enforcer = await startConfirmed();
  await api.stop();
  try {
    await enforcer.says('"wanted_not_received"');
    expect(await isReached(LISTED)).toBe(false);
    expect(await enforcer.end()).toBe(0);
    expect(await isReached(LISTED)).toBe(false);
    await new KernelApplier(pair.host).remove();
    expect(await isReached(LISTED)).toBe(true);
    await start().says('"wanted_applied"');
    expect(await isReached(LISTED)).toBe(false);
    expect(await isReached(ALLOWED)).toBe(true);
  } finally {
    api = await startEnforcementApi({ dir: api.dir, lists: api.lists });
  }
  await eventually(async () => expect(await standing()).toMatchObject({ standing: 'current' }));
}, 120_000);

it('changes nothing with a token that is refused', async () => {
  api.lists.set(blocked);
  const enforcer = start({ BANGUI_API_TOKEN: `bgt_${'x'.repeat(43)}` });
  await enforcer.says('The API answered 401');
  expect(await isReached(LISTED)).toBe(true);
});

it('refuses a set that is older than what it has, until an administrator asks for a resync', async () => {
  const enforcer = await startConfirmed();
  api.lists.set(setOf(GOOD), allowed, 1);
  await enforcer.says('is older than');
  expect(await isReached(LISTED)).toBe(false);
  expect(await isReached(GOOD)).toBe(true);
  await api.admin.post('/api/v1/enforcement/resync');
  await eventually(async () => expect(await isReached(GOOD)).toBe(false));
  api.lists.set(blocked, allowed, 10_000 + Date.now());
});

it('moves its rules where the administrator wants them', async () => {
  await startConfirmed();
  await api.admin.send('PATCH', '/api/v1/enforcement', { body: { placement: 'established' } });
  try {
    await eventually(async () => {
      expect(await pair.host.run('iptables', ['-S'])).toContain('-A INPUT -j BANGUI');
      expect(await pair.host.run('iptables', ['-t', 'raw', '-S'])).not.toContain('BANGUI');
    });
    expect(await isReached(LISTED)).toBe(false);
  } finally {
    await api.admin.send('PATCH', '/api/v1/enforcement', { body: { placement: 'raw' } });
  }
});

it('is stopped without a change, and removed by a command once it is', async () => {
  const enforcer = await startConfirmed();
  const early = start({}, ['remove']);
  expect(await early.ended()).toBe(1);
  expect(early.output).toContain('Another enforcer runs');
  expect(await enforcer.end()).toBe(0);
  expect(await isReached(LISTED)).toBe(false);
  expect(await start({}, ['remove']).ended()).toBe(0);
  expect(await isReached(LISTED)).toBe(true);
  expect(await pair.host.run('ipset', ['list', '-t'])).toBe('');
  expect(JSON.parse(await readFile(join(stateDir, 'state.json'), 'utf8'))).toMatchObject({
    activation: { state: 'new' },
  });
});
