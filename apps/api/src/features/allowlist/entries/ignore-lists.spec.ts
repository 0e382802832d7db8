import { Fail2banRefused } from '@bangui/fail2ban';
import { Network } from '@bangui/ip';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../core/events/event-bus.ts';
import { Log } from '../../../core/logging/log.ts';
import { IgnoreLists } from './ignore-lists.ts';

/** A fail2ban with ignore lists and nothing else; it refuses what a test says. */
class FakeFail2ban {
  readonly lists = new Map<string, Set<string>>([
    ['ssh', new Set(['127.0.0.0/8', 'example.org'])],
    ['web', new Set()],
  ]);
  refuses: string | undefined;
  questions = 0;

  ignoreList(jail: string): Promise<string[]> {
    this.questions += 1;
    return Promise.resolve([...this.listOf(jail)]);
  }

  addIgnored(jail: string, networks: readonly Network[]): Promise<void> {
    if (jail === this.refuses) return this.refusal();
    for (const network of networks) this.listOf(jail).add(network.toString());
    return Promise.resolve();
  }

  removeIgnored(jail: string, network: Network): Promise<void> {
    if (jail === this.refuses) return this.refusal();
    this.listOf(jail).delete(network.toString());
    return Promise.resolve();
  }

  listOf(jail: string): Set<string> {
    const list = this.lists.get(jail);
    if (!list) throw new Error(`there is no jail ${jail}`);
    return list;
  }

  private refusal(): Promise<never> {
    return Promise.reject(new Fail2banRefused('set', 'ValueError', 'not in the mood'));
  }
}

describe('IgnoreLists', () => {
  let fail2ban: FakeFail2ban;
  let wanted: string[] | Error;
  let pushes: Map<string, Set<string>>;
  let configured: Record<string, string[]>;
  let expected: ReadonlySet<string>;
  let logs: string[];
  let lists: IgnoreLists;

  beforeEach(async () => {
    fail2ban = new FakeFail2ban();
    wanted = [];
    pushes = new Map();
    configured = { ssh: ['127.0.0.0/8'] };
    expected = new Set();
    logs = [];
    const log = await Log.open({ level: 'warn', format: 'json', write: (line) => logs.push(line) });
    const repository = {
      pushes: () => Promise.resolve(new Map([...pushes].map(([jail, some]) => [jail, new Set(some)]))),
      addPushes: (jail: string, some: string[]) =>
        Promise.resolve(pushes.set(jail, new Set([...(pushes.get(jail) ?? []), ...some]))),
      removePushes: (jail: string, some: string[]) => {
        for (const address of some) pushes.get(jail)?.delete(address);
        return Promise.resolve();
      },
    };
    const allowlist = {
      pushedInForce: () =>
        wanted instanceof Error
          ? Promise.reject(wanted)
          : Promise.resolve(wanted.flatMap((text) => Network.parse(text) ?? [])),
      expectInJails: (addresses: ReadonlySet<string>) => (expected = addresses),
    };
    const server = { state: { isOnline: true }, jails: fail2ban.lists, report: () => undefined };
    const jails = { configuredIgnoreList: (jail: string) => configured[jail] ?? [] };
    lists = new IgnoreLists(
      ...([fail2ban, server, jails, allowlist, repository, new EventBus(log), log] as unknown as ConstructorParameters<
        typeof IgnoreLists
      >),
    );
  });

  const states = (address: string) => lists.jailsOf(address).map(({ jail, state }) => `${jail} ${state}`);

  it('puts in what is missing, leaves the rest, and takes out its own when it is no longer wanted', async () => {
    wanted = ['192.0.2.1', '127.0.0.0/8'];
    expect(states('192.0.2.1')).toEqual(['ssh pending', 'web pending']);
    await lists.apply();
    expect(states('192.0.2.1')).toEqual(['ssh applied', 'web applied']);
    expect(states('127.0.0.0/8')).toEqual(['ssh configured', 'web applied']);
    expect(expected).toEqual(new Set(wanted));
    expect(pushes.get('ssh')).toEqual(new Set(['192.0.2.1']));
    fail2ban.listOf('web').add('198.51.100.1');
    wanted = [];
    await lists.apply();
    expect([...fail2ban.listOf('ssh')]).toEqual(['127.0.0.0/8', 'example.org']);
    expect([...fail2ban.listOf('web')]).toEqual(['198.51.100.1']);
    expect(pushes.get('web')?.size).toBe(0);
  });

  it('shows for each jail why it failed, logs it once, and tries again', async () => {
    wanted = ['192.0.2.1'];
    fail2ban.refuses = 'ssh';
    await lists.apply();
    await lists.apply();
    expect(lists.jailsOf('192.0.2.1')).toEqual([
      { jail: 'ssh', state: 'failed', reason: expect.stringContaining('not in the mood') as unknown },
      { jail: 'web', state: 'applied', reason: null },
    ]);
    expect(lists.problems()).toMatchObject([{ jail: 'ssh', stillIgnored: [] }]);
    expect(logs.filter((line) => line.includes('allowlist_not_pushed'))).toHaveLength(1);
    fail2ban.refuses = undefined;
    await lists.apply();
    expect(states('192.0.2.1')).toEqual(['ssh applied', 'web applied']);
    expect(lists.problems()).toEqual([]);
  });

  it('says what a jail still ignores when it cannot be taken out, and does not forget that it is its own', async () => {
    wanted = ['192.0.2.1'];
    await lists.apply();
    wanted = [];
    fail2ban.refuses = 'ssh';
    await lists.apply();
    expect(lists.problems()).toMatchObject([{ jail: 'ssh', stillIgnored: ['192.0.2.1'] }]);
    expect(pushes.get('ssh')).toEqual(new Set(['192.0.2.1']));
    fail2ban.refuses = undefined;
    await lists.apply();
    expect(lists.problems()).toEqual([]);
    expect(fail2ban.listOf('ssh').has('192.0.2.1')).toBe(false);
  });

  it('leaves in what the configuration ignores by now', async () => {
    wanted = ['192.0.2.1'];
    await lists.apply();
    configured['ssh'] = ['127.0.0.0/8', '192.0.2.1'];
    wanted = [];
    await lists.apply();
    expect(fail2ban.listOf('ssh').has('192.0.2.1')).toBe(true);
    expect(fail2ban.listOf('web').has('192.0.2.1')).toBe(false);
    expect(pushes.get('ssh')?.size).toBe(0);
  });

  it('changes nothing while the allowlist cannot be read', async () => {
    wanted = ['192.0.2.1'];
    await lists.apply();
    wanted = new Error('the disk is gone');
    await lists.apply();
    expect(fail2ban.listOf('web').has('192.0.2.1')).toBe(true);
    expect(logs.join('')).toContain('the disk is gone');
  });

  it('asks fail2ban nothing when nothing is pushed and nothing ever was', async () => {
    await lists.apply();
    expect(fail2ban.questions).toBe(0);
  });

  it('forgets what a jail that went away was told', async () => {
    wanted = ['192.0.2.1'];
    await lists.apply();
    fail2ban.lists.delete('web');
    await lists.apply();
    expect(pushes.get('web')?.size).toBe(0);
    expect(states('192.0.2.1')).toEqual(['ssh applied']);
  });

  it('begins another round for whoever asks while one runs', async () => {
    wanted = ['192.0.2.1'];
    const first = lists.apply();
    wanted = ['192.0.2.1', '192.0.2.2'];
    await Promise.all([first, lists.apply()]);
    expect(states('192.0.2.2')).toEqual(['ssh applied', 'web applied']);
  });
});
