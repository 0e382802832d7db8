import { expectNoFaults, narrowScreen } from './axe.ts';
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

test.use(narrowScreen);

test('axe finds nothing on any page in either theme, and nothing is wider than the screen', async ({ page, stack }) => {
  test.setTimeout(180_000);
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1', '2001:db8:1234:5678:9abc:def0:1234:5678');
  await stack.fail2ban.client('set', 'ssh', 'delfailregex', '0');
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expectNoFaults(page, '/sign-in');
  await signIn(page, '/jails/ssh');
  await page.getByRole('button', { name: 'Prove again' }).click();
  await expect(page.getByRole('heading', { name: 'ssh is not armed' })).toBeVisible();
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.locator('main h1').first()).toBeVisible();
    await expect(page.locator('bangui-skeleton')).toHaveCount(0);
    await expectNoFaults(page, path);
  }
});

test('axe finds nothing on allowlist and tokens, empty, filled and in their dialogs', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, '/allowlist?q=nothing');
  await expect(page.getByText('Nothing on the allowlist matches')).toBeVisible();
  await expectNoFaults(page, 'an empty allowlist');
  await page.goto('/administration/tokens');
  await expect(page.getByText('There is no token')).toBeVisible();
  await expectNoFaults(page, 'no tokens');
  await page.getByRole('button', { name: 'New token' }).first().click();
  await page.getByLabel('Name').fill('A firewall with a name that is as long as it may be');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await expectNoFaults(page, 'the dialog of a new token');
  await page.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByRole('heading', { name: 'The token was made' })).toBeVisible();
  await expectNoFaults(page, 'a new token');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'Revoke…' })).toBeVisible();
  await expectNoFaults(page, 'tokens');
  await page.goto('/allowlist');
  await page.getByRole('button', { name: 'Add addresses' }).first().click();
  await page.getByLabel('Addresses or networks').fill('198.51.100.7\n2001:db8:1234:5678:9abc:def0:1234:0/112');
  await page.getByLabel('Note').fill('The monitoring of the data centre, which must always get in');
  await page.getByLabel('Jails ignore it too').check();
  await expectNoFaults(page, 'the dialog of the allowlist');
  await page.getByRole('button', { name: 'Add 2 addresses' }).click();
  await expect(page.getByText('ignored by every jail')).toHaveCount(2);
  await expectNoFaults(page, 'the allowlist');
});

test('axe finds nothing in the dialogs and in the offline strip in either theme', async ({ page, stack }) => {
  await signIn(page, '/bans');
  await page.getByRole('button', { name: 'Ban address', exact: true }).click();
  await page.getByLabel('Addresses or networks').fill('203.0.113.7, 127.0.0.1, 300.1.1.1');
  await expect(page.getByText('1 will be banned · 1 refused · 1 no address')).toBeVisible();
  await expectNoFaults(page, 'the ban dialog');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Command, jail or address' })).toBeVisible();
  await expectNoFaults(page, 'the palette');
  await page.keyboard.press('Escape');
  await stack.fail2ban.stop();
  await expect(page.getByText('fail2ban is offline: nothing is being banned.')).toBeVisible();
  await expectNoFaults(page, 'the offline strip');
});
