import { expect, signIn, test, testReading } from './fixtures.ts';

test('shows a disarmed jail as what it is, and mends it by reloading', async ({ page, stack }) => {
  await signIn(page, '/jails/web');
  await expect(page.getByText(/^Armed/)).toBeVisible();
  await stack.fail2ban.client('set', 'web', 'delfailregex', '0');
  await page.getByRole('button', { name: 'Prove again' }).click();
  const alarm = page.locator('bangui-jail-alarm');
  await expect(alarm.getByRole('heading', { name: 'web is not armed' })).toBeVisible();
  await expect(alarm.getByRole('listitem')).toContainText('Filter regexes');

  await page.getByRole('link', { name: 'Overview' }).first().click();
  await expect(page.getByText('Protected, 1 jail of 3 not armed')).toBeVisible();
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await attention.getByRole('link', { name: 'web is not armed' }).click();
  await alarm.getByRole('button', { name: 'Reload and prove' }).click();
  await expect(page.getByText('web was reloaded and proven.')).toBeVisible();
  await expect(alarm.getByRole('heading')).toHaveCount(0);
  await expect(page.getByText(/^Armed/)).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'failregex')).toContain('FAIL from');
});

test('stops a jail after asking, lists it as stopped, and starts it again', async ({ page, stack }) => {
  await signIn(page, '/jails');
  await page.getByRole('button', { name: 'Actions for ssh' }).click();
  await page.getByRole('menuitem', { name: 'Stop…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop jail' }).click();
  const row = page.getByRole('row', { name: /ssh/ });
  await expect(row).toContainText('Stopped');
  expect(await stack.fail2ban.client('status')).not.toContain('ssh');
  await page.getByRole('button', { name: 'Need attention 1' }).click();
  await expect(page).toHaveURL(/show=attention/);
  await row.getByRole('link', { name: 'ssh' }).click();
  await expect(page.getByRole('heading', { name: 'ssh does not run' })).toBeVisible();
  await page.getByRole('button', { name: 'Start' }).first().click();
  await expect(page.getByText('ssh was started.')).toBeVisible();
  await expect(page.getByText(/^Armed/)).toBeVisible();
});

test('changes the running jail, says that it lasts until the reload, and sees the difference', async ({
  page,
  stack,
}) => {
  await signIn(page, '/jails/web?tab=parameters');
  await page.getByLabel('Ban for').fill('1d 6h');
  await expect(page.getByText('not applied, is 600')).toBeVisible();
  await page.getByRole('button', { name: 'Apply until the next reload' }).click();
  await expect(page.getByText('The running jail was changed, until its next reload.')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'bantime')).toBe('108000');
  await expect(page.getByRole('row', { name: /bantime/ }).first()).toContainText('1 d 6 h');

  await page.getByLabel('Ban for').fill("__import__('os').getpid()");
  await page.getByRole('button', { name: 'Apply until the next reload' }).click();
  await expect(page.getByLabel('Ban for')).toHaveAttribute('aria-invalid', 'true');
  expect(await stack.fail2ban.client('get', 'web', 'bantime')).toBe('108000');
});

test('adds to the ignore list of the running jail and takes it back', async ({ page, stack }) => {
  await signIn(page, '/jails/web?tab=ignored');
  await page.getByLabel('Address or network').fill('198.51.100.0/24');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByRole('row', { name: /198\.51\.100\.0\/24/ });
  await expect(row).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'ignoreip')).toContain('198.51.100.0/24');
  await row.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toBeHidden();
  await page.getByLabel('Address or network').fill('not an address');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('#ignore-problem')).not.toBeEmpty();
});

test('shows what an attacker may have written as text, with dangerous characters by name', async ({ page, stack }) => {
  await stack.fail2ban.client('set', 'web', 'addfailregex', '<img src=x onerror=alert(1)>\u202egpj.exe from <ADDR>');
  await signIn(page, '/jails/web?tab=source');
  await expect(page.getByText('<img src=x onerror=alert(1)>').last()).toBeVisible();
  await expect(page.locator('.ctl', { hasText: 'U+202E' }).first()).toBeVisible();
  expect(await page.locator('main img').count()).toBe(0);
});

testReading('says that there is no such jail, and no such page', async ({ page }) => {
  await signIn(page, '/jails/nowhere');
  await expect(page.getByText('There is no jail of this name')).toBeVisible();
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
});
