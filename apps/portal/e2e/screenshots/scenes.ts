import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions } from '../bangui.ts';
import { EXAMPLE_JAILS } from './example-bans.ts';
import { writeExamplePlaces } from './example-places.ts';
import { fillWithBans, writeToFail2ban } from './fill-archive.ts';

/** A state of a server to look at. */
export interface Scene {
  readonly name: string;
  readonly options: StackOptions;
  /** Makes the data of the scene, before the first page is opened. */
  readonly prepare: (stack: Stack) => Promise<void>;
  readonly paths: readonly string[];
}

const LONG = 'a-jail-with-a-name-that-hardly-ends-0123456789.x';
/** Where the examples' places are: a folder of this process's own. */
const placesDir = await mkdtemp(join(tmpdir(), 'bangui-shots-'));
process.once('exit', () => rmSync(placesDir, { recursive: true, force: true }));
await writeExamplePlaces(placesDir);

const jail = (name: string, bantime = 600): string =>
  `[${name}]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\nbantime = ${String(bantime)}\n\n`;

const hostileLines = (address: string): string[] => [
  `sshd[41822]: Failed password for invalid user <script>alert(1)</script><img src=x onerror=alert(2)> from ${address} port 40022 ssh2`,
  `sshd[41822]: Failed password for invalid user root\u001b[31m\u202egpj.exe\u200b\u0000 from ${address} port 40022`,
  `\u001b]0;owned\u0007\u001b[2J \u2066{{ 7 * 7 }} \u00ad https://evil.example/${address}`,
  `${'A'.repeat(3000)} from ${address} ${'no space '.repeat(120)}`,
  `Ein schöner Tag für ${address}: 日本語 العربية עברית 🙂 ${'🏴‍☠️'.repeat(40)}`,
];

export const SCENES: readonly Scene[] = [
  {
    name: 'much',
    options: {
      fail2ban: { jails: EXAMPLE_JAILS.map(({ name, bantime }) => jail(name, bantime)).join('') },
      env: { BANGUI_GEOIP_DB_PATH: join(placesDir, 'example.mmdb') },
    },
    prepare: async (stack) => {
      await fillWithBans(stack, 60);
      await stack.fail2ban.client('set', 'vsftpd', 'delfailregex', '0');
      await stack.fail2ban.client('set', 'wordpress', 'idle', 'on');
    },
    paths: [
      '/',
      '/?range=7d',
      '/?range=1h',
      '/history',
      '/map',
      '/map?show=table&range=365d',
      '/address/11.20.100.10?range=90d',
      '/address/11.20.100.0/24',
      '/address/2d00:40:1::4',
      '/bans',
      '/jails',
      '/tasks',
      '/tasks/history_sync',
      '/jails/sshd',
      '/jails/vsftpd',
      '/jails/sshd?tab=banned',
      '/jails/sshd?tab=parameters',
      '/jails/sshd?tab=ignored',
      '/jails/sshd?tab=source',
      '/allowlist',
      '/administration/account',
      '/administration/administrators',
      '/administration/audit',
    ],
  },
  {
    name: 'little',
    options: {
      fail2ban: { jails: jail('sshd') },
      env: { BANGUI_DEMO_REASON: 'A private fail2ban with made-up data.' },
    },
    prepare: () => Promise.resolve(),
    paths: [
      '/',
      '/history',
      '/history?jail=sshd&country=DE&text=nothing+like+this',
      '/map',
      '/map?jail=sshd',
      '/address/203.0.113.10',
      '/address/127.0.0.1',
      '/address/nobody',
      '/bans',
      '/jails',
      '/jails/sshd',
      '/nowhere',
    ],
  },
  {
    name: 'hostile',
    options: {
      fail2ban: { jails: jail(LONG, 86_400) + jail('x') },
      env: { BANGUI_GEOIP_DB_PATH: join(placesDir, 'hostile.mmdb') },
    },
    prepare: async (stack) => {
      const { fail2ban } = stack;
      const at = Date.now() - 600_000;
      await fail2ban.stop();
      const addresses = ['2d00:1234:5678:9abc:def0:1234:5678:9abc', '11.20.100.0/25', '11.20.100.200'];
      writeToFail2ban(
        fail2ban,
        addresses.map((address, index) => ({
          jail: LONG,
          address,
          at: at + index * 1000,
          duration: 86_400,
          banCount: 12_345,
          failures: 1_234_567,
          matches: hostileLines(address),
        })),
      );
      await fail2ban.restart();
      await fail2ban.client('set', LONG, 'addfailregex', '<img src=x onerror=alert(1)>\u202egpj.exe\u200b <ADDR>');
      await fail2ban.client('stop', 'x');
    },
    paths: [
      '/',
      '/history',
      `/history?jail=${LONG}&text=${encodeURIComponent('<script>alert(1)</script>')}&network=2d00:1234:5678:9abc:def0:1234:5678:9abc`,
      '/map',
      '/address/11.20.100.200',
      '/address/2d00:1234:5678:9abc:def0:1234:5678:9abc',
      '/address/%3Cimg%20src=x%3E%E2%80%AEnobody',
      '/bans',
      '/jails',
      `/jails/${LONG}`,
      `/jails/${LONG}?tab=source`,
      '/jails/x',
    ],
  },
];
