import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fail2banClient } from '@bangui/fail2ban';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { expect, test } from 'vitest';
import type { ConfiguredJail } from './configuration.ts';
import { dryRun } from './dry-run.ts';
import { stockConfigDir } from './testing/programs.ts';

const programs = fail2banTools();

/** A jail as the server has it, with the names the dry run uses. */
async function live(client: Fail2banClient, name: string) {
  return {
    name,
    failRegexes: await client.failRegexes(name),
    ignoreRegexes: await client.ignoreRegexes(name),
    prefRegex: await client.get(name, 'prefregex'),
    logPaths: await client.logPaths(name),
    actions: await client.actions(name),
    ignoreList: (await client.ignoreList(name)).toSorted(),
    ignoreSelf: await client.ignoreSelf(name),
    bantime: await client.get(name, 'bantime'),
    findtime: await client.get(name, 'findtime'),
    maxretry: await client.get(name, 'maxretry'),
    maxmatches: await client.get(name, 'maxmatches'),
    maxlines: await client.get(name, 'maxlines'),
    usedns: await client.get(name, 'usedns'),
    increment: await client.get(name, 'bantime.increment'),
  };
}

function configured({ parameters, ...jail }: ConfiguredJail) {
  const { bantime, findtime, maxretry, maxmatches, maxlines, usedns } = parameters;
  const { name, failRegexes, ignoreRegexes, prefRegex, logPaths, actions, ignoreSelf } = jail;
  const ignoreList = jail.ignoreList.toSorted();
  const increment = parameters['bantime.increment'] === true;
  const plain = { name, failRegexes, ignoreRegexes, prefRegex, logPaths, actions, ignoreList, ignoreSelf };
  return { ...plain, bantime, findtime, maxretry, maxmatches, maxlines, usedns, increment };
}

test('gives a stream that leaves a real server with exactly what the dry run foretold', async () => {
  const stock = (name: string) => readFile(join(stockConfigDir(), name), 'utf8');
  await using server = await PrivateFail2ban.start({
    files: {
      'filter.d/sshd.conf': await stock('filter.d/sshd.conf'),
      'filter.d/common.conf': await stock('filter.d/common.conf'),
    },
  });
  const client = new Fail2banClient({ socketPath: server.socketPath });
  await server.writeConfig(
    'jail.d/more.local',
    `[sshd]
enabled = true
filter = sshd[mode=aggressive]
logpath = @DIR@/log/*.log
bantime = 1w 2d
findtime = 90m
ignoreip = 192.0.2.0/24 2001:db8::/32 host.example
ignoreself = true
usedns = warn
[web]
maxretry = 7
failregex = ^DENIED <ADDR>$
bantime.increment = true
`,
  );
  const outcome = await dryRun(programs, server.configDir);
  expect(outcome.problems).toEqual([]);
  await client.reload(outcome.stream);

  const names = await client.jailNames();
  expect(names.toSorted()).toEqual(['manual', 'ssh', 'sshd', 'web']);
  expect(names.toSorted()).toEqual(outcome.jails.map(({ name }) => name).toSorted());
  for (const jail of outcome.jails) expect(await live(client, jail.name)).toEqual(configured(jail));
  await client.close();
});

test('gives a stream for one jail that leaves the others as they are', async () => {
  await using server = await PrivateFail2ban.start();
  const client = new Fail2banClient({ socketPath: server.socketPath });
  await server.writeConfig('jail.d/more.local', '[web]\nbantime = 1234\n[ssh]\nbantime = 4321\n');
  const outcome = await dryRun(programs, server.configDir, { jail: 'web' });
  await client.reload(outcome.stream, { jail: 'web' });
  expect((await client.jailNames()).toSorted()).toEqual(['manual', 'ssh', 'web']);
  expect(await client.get('web', 'bantime')).toBe(1234);
  expect(await client.get('ssh', 'bantime')).toBe(3600);
  await client.close();
});
