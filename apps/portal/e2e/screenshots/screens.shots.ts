import { resolve } from 'node:path';
import { type Page } from '@playwright/test';
import { type Stack, type StackOptions } from '../bangui.ts';
import { expect, signIn, test } from '../fixtures.ts';

const OUT = resolve(import.meta.dirname, '../../../../var/screenshots');
const NAMES = [
  'sshd',
  'postfix-sasl',
  'nginx-http-auth',
  'dovecot',
  'nginx-botsearch',
  'recidive',
  'wordpress',
  'vsftpd',
];
const LONG = 'a-jail-with-a-name-that-hardly-ends-0123456789.x';

const jail = (name: string): string => `[${name}]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\n\n`;

interface Scene {
  readonly name: string;
  readonly options: StackOptions;
  /** Makes the data of the scene, before the first page is opened. */
  readonly prepare: (stack: Stack) => Promise<void>;
  readonly paths: readonly string[];
}

const SCENES: readonly Scene[] = [
  {
    name: 'much',
    options: { fail2ban: { jails: NAMES.map(jail).join('') } },
    prepare: async ({ fail2ban }) => {
      for (const [index, name] of NAMES.entries()) {
        const addresses = Array.from({ length: 8 + ((index * 53) % 120) }, (_, row) =>
          row % 7 === 3
            ? `2001:db8:${(index * 97 + row).toString(16)}::${(row * 31).toString(16)}`
            : `${row % 2 === 0 ? '203.0.113' : '198.51.100'}.${String(1 + ((row * 37 + index * 11) % 250))}`,
        );
        await fail2ban.client('set', name, 'banip', ...addresses);
      }
      await fail2ban.client('set', 'vsftpd', 'delfailregex', '0');
      await fail2ban.client('set', 'wordpress', 'idle', 'on');
    },
    paths: [
      '/',
      '/bans',
      '/jails',
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
    paths: ['/', '/bans', '/jails', '/jails/sshd', '/nowhere'],
  },
  {
    name: 'hostile',
    options: { fail2ban: { jails: jail(LONG) + jail('x') } },
    prepare: async ({ fail2ban }) => {
      await fail2ban.client('set', LONG, 'addfailregex', '<img src=x onerror=alert(1)>\u202egpj.exe\u200b <ADDR>');
      await fail2ban.client('set', LONG, 'banip', '2001:db8:1234:5678:9abc:def0:1234:5678', '203.0.113.0/25');
      await fail2ban.client('stop', 'x');
    },
    paths: ['/', '/bans', '/jails', `/jails/${LONG}`, `/jails/${LONG}?tab=source`, '/jails/x'],
  },
];

async function shoot(page: Page, scene: string, path: string, suffix: string): Promise<void> {
  const file = path === '/' ? 'overview' : path.slice(1).replaceAll(/[^\w-]+/g, '-');
  await expect(page.locator('bangui-skeleton')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${OUT}/${scene}/${file}-${suffix}.png` });
}

for (const scene of SCENES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      test.describe(`${scene.name}, ${colorScheme}, ${String(width)} px`, () => {
        test.use({
          stackOptions: scene.options,
          colorScheme,
          viewport: { width, height: width > 600 ? 1000 : 844 },
          reducedMotion: 'reduce',
        });

        test('has its picture taken', async ({ page, stack }) => {
          await scene.prepare(stack);
          const suffix = `${colorScheme}-${String(width)}`;
          await page.goto('/sign-in');
          await shoot(page, scene.name, '/sign-in', suffix);
          await signIn(page);
          await expect(page.locator('bangui-live-indicator')).toContainText('Live');
          for (const path of scene.paths) {
            await page.goto(path);
            await expect(page.locator('main h1').first()).toBeVisible();
            await shoot(page, scene.name, path, suffix);
          }
          await page.goto('/bans');
          await page.getByRole('button', { name: 'Ban address', exact: true }).click();
          await page.getByLabel('Addresses or networks').fill('203.0.113.77, 127.0.0.1\n300.1.1.1, 2001:db8::/48');
          await expect(page.getByText('2 will be banned · 1 refused · 1 no address')).toBeVisible();
          await shoot(page, scene.name, '/dialog-ban', suffix);
          await page.keyboard.press('Escape');
          await page.keyboard.press('Control+k');
          await expect(page.getByRole('combobox', { name: 'Command, jail or address' })).toBeVisible();
          await shoot(page, scene.name, '/palette', suffix);
          await page.keyboard.press('Escape');
          await stack.fail2ban.stop();
          await page.goto('/');
          await expect(page.getByText('fail2ban is offline: nothing is being banned.')).toBeVisible();
          await shoot(page, scene.name, '/offline', suffix);
        });
      });
    }
  }
}
