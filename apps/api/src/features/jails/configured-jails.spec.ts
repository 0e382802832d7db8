import { type ConfigurationProblem, type ConfiguredJail, type DryRun } from '@bangui/fail2ban-config';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '../../core/clock.ts';
import { folderDigest } from '../../core/fail2ban/index.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { ConfigurationBroken, ConfigurationUnreadable } from './jails.errors.ts';

class GivenConfiguration {
  runs = 0;
  text = 'first';
  directory = '/no/such/folder';
  failure: Error | undefined;
  problems: ConfigurationProblem[] = [];
  testProblems: ConfigurationProblem[] = [];

  signature(): Promise<string> {
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.text);
  }
  test(): Promise<ConfigurationProblem[]> {
    return Promise.resolve(this.testProblems);
  }
  dryRun(): Promise<DryRun> {
    this.runs += 1;
    // Only the name is looked at here.
    const jails = [{ name: this.text } as ConfiguredJail];
    return Promise.resolve({ version: '1', problems: this.problems, jails, stream: [], tookMs: 1 });
  }
}

class GivenClock extends Clock {
  time = 0;
  override monotonic(): number {
    return this.time;
  }
}

describe('ConfiguredJails', () => {
  let configuration: GivenConfiguration;
  let clock: GivenClock;
  let jails: ConfiguredJails;

  beforeEach(() => {
    configuration = new GivenConfiguration();
    clock = new GivenClock();
    // The fake has the methods that are used.
    jails = new ConfiguredJails(configuration as never, clock);
  });

  it('runs the program only when a file changed or ten minutes have passed', async () => {
    expect(await jails.refresh()).toBe(true);
    expect(await jails.refresh()).toBe(false);
    configuration.text = 'second';
    expect(await jails.refresh()).toBe(true);
    expect([...jails.state.jails.keys()]).toEqual(['second']);
    clock.time += 600_001;
    await jails.refresh();
    expect(configuration.runs).toBe(3);
  });

  it('runs it once for all who ask at the same time', async () => {
    await Promise.all([jails.refresh(), jails.refresh(), jails.refresh()]);
    expect(configuration.runs).toBe(1);
  });

  it('says why the configuration cannot be read, and reads it when it can', async () => {
    configuration.failure = new Error('EACCES: permission denied');
    await jails.refresh();
    expect(jails.state).toMatchObject({ unreadable: 'EACCES: permission denied' });
    await expect(jails.verify()).rejects.toThrow(ConfigurationUnreadable);
    configuration.failure = undefined;
    await jails.refresh();
    expect(jails.state.unreadable).toBeNull();
  });

  it('lets nothing pass that either of the two checks finds wrong', async () => {
    await expect(jails.verify()).resolves.toMatchObject({ version: '1' });
    configuration.testProblems = [{ jail: null, option: null, message: 'syntax' }];
    await expect(jails.verify()).rejects.toThrow(ConfigurationBroken);
    configuration.testProblems = [];
    configuration.problems = [{ jail: 'web', option: 'bantime', message: 'no time' }];
    await expect(jails.verify()).rejects.toMatchObject({
      errors: [{ field: 'web.bantime', message: 'no time' }],
    });
    await expect(jails.streamOf('web')).rejects.toThrow(ConfigurationBroken);
  });

  it('takes what was found out before about a folder with the same bytes, and asks again for any other', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bangui-tested-'));
    try {
      configuration.directory = dir;
      await writeFile(join(dir, 'jail.local'), '[web]\n');
      const run = await configuration.dryRun();
      const tested = { digest: await folderDigest(dir), run };
      expect(await jails.verify(tested)).toBe(run);
      expect(configuration.runs).toBe(1);
      expect([...jails.state.jails.keys()]).toEqual(['first']);
      expect(await jails.refresh()).toBe(false);
      await writeFile(join(dir, 'jail.local'), '[Web]\n');
      expect(await jails.verify(tested)).not.toBe(run);
      expect(configuration.runs).toBe(2);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
