import { expect, hold, signIn, test } from './fixtures.ts';

test('bans what was pasted after showing what will happen, unbans it and takes that back', async ({ page, stack }) => {
  await signIn(page, '/bans');
  await page.getByRole('button', { name: 'Ban address', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('Addresses or networks')
    .fill(
      '203.0.113.7\n127.0.0.1\nNov 22 12:30:05 host sshd[7]: Failed password for root from 2001:db8::9 port 4\n300.1.1.1',
    );
  await dialog.getByLabel('Jail').selectOption('web');
  await expect(dialog.getByText('Bans here last: 10 min')).toBeVisible();
  await expect(dialog.getByText('2 will be banned · 1 refused · 1 no address')).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: '127.0.0.1' })).toContainText('refused');
  await dialog.getByLabel('Reason').fill('scanner');
  await dialog.getByRole('button', { name: 'Ban 2 addresses' }).click();
  await expect(page.getByText('2 addresses banned in web')).toBeVisible();
  await expect(page.getByRole('row', { name: /203\.0\.113\.7/ })).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toContain('2001:db8::9');

  await page
    .getByRole('row', { name: /203\.0\.113\.7/ })
    .getByRole('button', { name: 'Unban' })
    .click();
  await expect(dialog.getByText('Unban 203.0.113.7 from web?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Unban' }).click();
  await hold(page, '1 address unbanned');
  await expect(page.getByRole('row', { name: /203\.0\.113\.7/ })).toBeHidden();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).not.toContain('203.0.113.7');

  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('row', { name: /203\.0\.113\.7/ })).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toContain('203.0.113.7');
});

test('keeps the filters in the address, so that a link and Back show the same', async ({ page, stack }) => {
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1', '198.51.100.1');
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.2');
  await signIn(page, '/bans');
  const rows = page.getByRole('table', { name: 'Bans in force' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await page.getByLabel('Jail').selectOption('web');
  await expect(page).toHaveURL(/\?jail=web$/);
  await expect(rows).toHaveCount(3);
  await page.keyboard.press('Escape');
  await page.locator('main').focus();
  await page.keyboard.press('/');
  // All at once: a pause between two keys would search for what was typed by then, which Back would come to.
  await page.keyboard.insertText('203.0.113.0/24');
  await expect(page).toHaveURL(/network=203\.0\.113\.0%2F24|network=203\.0\.113\.0\/24/);
  await expect(rows).toHaveCount(2);
  await page.goBack();
  await expect(rows).toHaveCount(3);
  await page.goto('/bans?q=198.51');
  await expect(rows).toHaveCount(2);
  await page.goto('/bans?q=nothing');
  await expect(page.getByText('No ban matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all bans' }).click();
  await expect(rows).toHaveCount(4);
});

test('asks to type the number before more than a hundred are unbanned', async ({ page, stack }) => {
  const addresses = Array.from({ length: 150 }, (_, index) => `203.0.113.${String(index + 1)}`);
  await stack.fail2ban.client('set', 'manual', 'banip', ...addresses);
  // The list may be there before the figures of the jails.
  await page.route('**/api/v1/jails', () => undefined);
  await signIn(page, '/bans?jail=manual');
  await expect(page.getByText('150 match')).toBeVisible();
  await page.getByRole('button', { name: /Unban all of manual/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Unban all 150 addresses from manual?')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Unban all' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('150');
  await dialog.getByRole('button', { name: 'Unban all' }).click();
  await expect(page.getByText('150 addresses unbanned')).toBeVisible();
  await expect(page.getByText('No ban matches')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'manual', 'banip')).toBe('');
});

test('selects several and unbans them, each in its jail', async ({ page, stack }) => {
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1', '203.0.113.2');
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.1');
  await signIn(page, '/bans');
  await page
    .getByRole('row', { name: /203\.0\.113\.1.*web/ })
    .getByRole('checkbox')
    .check();
  await page
    .getByRole('row', { name: /203\.0\.113\.1.*ssh/ })
    .getByRole('checkbox')
    .check();
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Unban selected…' }).click();
  await expect(page.getByText('Unban 2 addresses from 2 jails?')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Unban 2' }).click();
  await expect(page.getByText('2 addresses unbanned')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toBe('203.0.113.2');
  expect(await stack.fail2ban.client('get', 'ssh', 'banip')).toBe('');
});

test('scrolls through many bans without drawing them all, and counts new ones until they are wanted', async ({
  page,
  stack,
}) => {
  const addresses = Array.from({ length: 600 }, (_, index) => `198.18.${String(index >> 8)}.${String(index & 255)}`);
  await stack.fail2ban.client('set', 'manual', 'banip', ...addresses);
  await signIn(page, '/bans');
  await expect(page.getByText('600 addresses in force')).toBeVisible();
  const rows = page.getByRole('table', { name: 'Bans in force' }).getByRole('row');
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 20_000);
        return rows.last().getAttribute('aria-rowindex');
      },
      { timeout: 30_000, intervals: [200] },
    )
    .toBe('601');
  expect(await rows.count()).toBeLessThan(150);

  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.7');
  await page.getByRole('button', { name: 'Show 1 new ban' }).click();
  await expect(rows.nth(1)).toContainText('203.0.113.7');
  await expect(page.getByText('601 addresses in force')).toBeVisible();
});
