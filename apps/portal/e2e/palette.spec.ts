import { expect, goByKeys, signIn, test, testReading } from './fixtures.ts';

test('opens pages and jails, looks up, bans and unbans, all by keyboard', async ({ page, stack }) => {
  await signIn(page);
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('manual');
  // The names of the jails may be still on their way.
  await expect(palette.getByRole('option', { name: 'manual' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/jails\/manual$/);

  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('ban 203.0.113.7 web');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Ban addresses' });
  await expect(dialog.getByLabel('Jail')).toHaveValue('web');
  await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
  await expect(page.getByText('1 address banned in web')).toBeVisible();

  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('203.0.113.7');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/address\/203\.0\.113\.7$/);
  await expect(page.getByRole('heading', { name: '203.0.113.7' })).toBeVisible();

  await page.keyboard.press('Control+k');
  await palette.getByRole('combobox').fill('unban 203.0.113.7');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Unban' }).click();
  await expect(page.getByText('1 address unbanned')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toBe('');
});

testReading('lists the keys, goes with g and b, and gives the focus back', async ({ page }) => {
  await signIn(page);
  await page.locator('main').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await goByKeys(page, 'b', /\/bans$/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  for (let time = 0; time < 5; time += 1) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
});
