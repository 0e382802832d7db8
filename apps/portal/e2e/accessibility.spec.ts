import { AxeBuilder } from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import { expect, signIn, test } from './fixtures.ts';

const PAGES = [
  '/',
  '/bans',
  '/bans?q=nothing',
  '/jails',
  '/jails/web',
  '/jails/web?tab=banned',
  '/jails/web?tab=parameters',
  '/jails/web?tab=ignored',
  '/jails/web?tab=source',
  '/jails/web?tab=actions',
  '/jails/ssh',
  '/administration/account',
  '/administration/administrators',
  '/administration/audit',
  '/nowhere',
];

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`in ${colorScheme}, ${String(width)} px wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });

      test('axe finds nothing on any page, and nothing is wider than the screen', async ({ page, stack }) => {
        test.setTimeout(120_000);
        await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1', '2001:db8:1234:5678:9abc:def0:1234:5678');
        await stack.fail2ban.client('set', 'ssh', 'delfailregex', '0');
        await page.goto('/sign-in');
        await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
        expect.soft(await faults(page)).toEqual([]);
        await signIn(page, '/jails/ssh');
        await page.getByRole('button', { name: 'Prove again' }).click();
        await expect(page.getByRole('heading', { name: 'ssh is not armed' })).toBeVisible();
        for (const path of PAGES) {
          await page.goto(path);
          await expect(page.locator('main h1').first()).toBeVisible();
          await expect(page.locator('bangui-skeleton')).toHaveCount(0);
          expect.soft(await faults(page), path).toEqual([]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect.soft(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
        }
      });

      test('axe finds nothing in the dialogs and in the offline strip', async ({ page, stack }) => {
        await signIn(page, '/bans');
        await page.getByRole('button', { name: 'Ban address', exact: true }).click();
        await page.getByLabel('Addresses or networks').fill('203.0.113.7, 127.0.0.1, 300.1.1.1');
        await expect(page.getByText('1 will be banned · 1 refused · 1 no address')).toBeVisible();
        expect.soft(await faults(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('combobox', { name: 'Command, jail or address' })).toBeVisible();
        expect.soft(await faults(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await stack.fail2ban.stop();
        await expect(page.getByText('fail2ban is offline: nothing is being banned.')).toBeVisible();
        expect.soft(await faults(page)).toEqual([]);
      });
    });
  }
}
