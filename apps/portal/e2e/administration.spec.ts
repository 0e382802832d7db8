import { ADMIN } from './bangui.ts';
import { expect, signIn, test } from './fixtures.ts';

test('adds an administrator, who signs in, and removes them again', async ({ page, browser, stack }) => {
  await signIn(page, '/administration/administrators');
  await page.getByLabel('User').fill('night.shift');
  await page.getByLabel('Password', { exact: true }).fill('another good sentence');
  await page.getByRole('button', { name: 'Add administrator' }).click();
  await expect(page.getByText('night.shift can sign in now.')).toBeVisible();

  const other = await browser.newPage({ baseURL: stack.url });
  await other.goto('/');
  await other.locator('#username').fill('night.shift');
  await other.locator('#password').fill('another good sentence');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();

  await page
    .getByRole('row', { name: /night\.shift/ })
    .getByRole('button', { name: 'Remove…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('night.shift was removed.')).toBeVisible();
  await expect(other).toHaveURL(/\/sign-in/);
  await other.close();
});

test('changes the own password, and says when the present one is wrong', async ({ page }) => {
  await signIn(page, '/administration/account');
  const fill = async (current: string): Promise<void> => {
    await page.locator('#current').fill(current);
    await page.locator('#next').fill('a whole new sentence');
    await page.locator('#repeated').fill('a whole new sentence');
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await fill('not the password');
  await expect(page.getByRole('alert')).toContainText('The present password is not right.');
  await fill(ADMIN.password);
  await expect(page.getByText('Your password was changed.')).toBeVisible();
});

test('shows who did what, with its details', async ({ page, stack }) => {
  await signIn(page, '/bans');
  await page.getByRole('button', { name: 'Ban address', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Addresses or networks').fill('203.0.113.7');
  await dialog.getByLabel('Jail').selectOption('web');
  await dialog.getByLabel('Reason').fill('because of a test');
  await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
  await expect(page.getByText('1 address banned in web')).toBeVisible();
  await page.goto('/administration/audit');
  const entry = page.getByRole('row', { name: /operator.*banned/ }).first();
  await entry.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText('because of a test')).toBeVisible();
  await expect(page.getByText('203.0.113.7').first()).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toContain('203.0.113.7');
});
