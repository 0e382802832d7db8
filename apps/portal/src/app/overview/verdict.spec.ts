import { type JailSummary, type ServerStatus } from '../api/generated/models';
import { type ResourceView } from '../api/resource-view';
import { verdictOf } from './verdict';

const jail = (name: string, change: Partial<JailSummary> = {}): JailSummary => ({
  name,
  state: 'running',
  armed: { status: 'armed', missing: [], reason: null, reasonCode: null, reasonParams: null, checkedAt: 1 },
  currentlyFailed: 0,
  totalFailed: 0,
  currentlyBanned: 0,
  totalBanned: 0,
  filter: name,
  backend: null,
  source: 'log',
  colour: 1,
  lastBanAt: null,
  inConfiguration: true,
  ...change,
});
const server = (online: boolean): ResourceView<ServerStatus> => ({
  kind: 'ready',
  problem: null,
  value: {
    id: 'local',
    online,
    since: 0,
    version: '1.1.0',
    reason: null,
    reasonCode: null,
    reasonParams: null,
    socketPath: '',
    startedAt: null,
    jails: 1,
    demo: null,
    api: { version: '0', startedAt: 0 },
    database: { kind: 'sqlite', sizeBytes: 0 },
    requester: { address: '' },
  },
});
const notArmed = {
  armed: {
    status: 'not-armed',
    missing: ['actions'],
    reason: null,
    reasonCode: null,
    reasonParams: null,
    checkedAt: 1,
  },
} as const;
const unarmed = (name: string): JailSummary =>
  jail(name, { armed: { ...notArmed.armed, missing: [...notArmed.armed.missing] } });

describe('verdictOf', () => {
  it.each([
    ['all armed', [jail('a'), jail('b')], 'ok', 'Protected, all 2 jails armed'],
    ['one not armed', [jail('a'), unarmed('b')], 'watch', 'Protected, 1 jail of 2 not armed'],
    ['one stopped', [jail('a'), jail('b', { state: 'stopped' })], 'watch', 'Protected, 1 jail of 2 not armed'],
    ['none armed', [unarmed('a')], 'danger', 'Not protected, none of 1 jails armed'],
    ['no jail', [], 'watch', 'Not protected, no jail'],
  ])('with %s', (_title, jails, meaning, text) => {
    expect(verdictOf(server(true), jails)).toMatchObject({ meaning, text });
  });

  it('does not call protected what nobody could prove', () => {
    const unproven = jail('a', {
      armed: { status: 'unknown', missing: [], reason: null, reasonCode: null, reasonParams: null, checkedAt: null },
    });
    expect(verdictOf(server(true), [unproven]).text).toBe('Running, 1 of 1 jails not proven');
  });

  it('says so before anything else when fail2ban is offline', () => {
    expect(verdictOf(server(false), [jail('a')])).toMatchObject({ meaning: 'danger' });
  });
});
