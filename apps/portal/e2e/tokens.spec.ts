import { expect, signIn, test, testReading } from './fixtures.ts';

test('makes a token, which works and is shown this once, and revokes it', async ({ page, context, stack }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, '/administration/tokens');
  await expect(page.getByText('There is no token')).toBeVisible();
  await page.getByRole('button', { name: 'New token' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Make token' })).toBeDisabled();
  await dialog.getByLabel('Name').fill('Edge <firewall>');
  await dialog.getByLabel('fetch published lists').check();
  await dialog.getByLabel('Until').fill('2099-01-01T00:00');
  await dialog.getByRole('button', { name: 'Make token' }).click();
  await expect(dialog.getByText('It is shown this once')).toBeVisible();
  const token = await dialog.getByLabel('Token').inputValue();
  expect(token).toMatch(/^bgt_[A-Za-z0-9_-]{43}$/);
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('The token was copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();

  const row = page.getByRole('row', { name: /Edge <firewall>/ });
  await expect(row).toContainText('feeds:read');
  await expect(row).toContainText('never');
  expect(await page.content()).not.toContain(token);

  const ask = () => fetch(`${stack.url}/api/v1/tokens/own`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await (await ask()).json()).toMatchObject({ name: 'Edge <firewall>', scopes: ['feeds:read'] });
  await expect(async () => {
    await page.reload();
    await expect(row).not.toContainText('never', { timeout: 5_000 });
  }).toPass();

  await row.getByRole('button', { name: 'Revoke…' }).click();
  await expect(dialog.getByText('Revoke Edge <firewall>?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Edge <firewall> was revoked.')).toBeVisible();
  await expect(page.getByText('There is no token')).toBeVisible();
  expect((await ask()).status).toBe(401);

  await page.goto('/administration/audit');
  await expect(page.getByRole('row', { name: /revoked an API token/ })).toContainText('Edge <firewall>');
});

testReading('says what is wrong, and keeps what was typed', async ({ page }) => {
  await signIn(page, '/administration/tokens');
  await page.getByRole('button', { name: 'New token' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Old');
  await dialog.getByLabel('read the figures').check();
  await dialog.getByLabel('Until').fill('2001-01-01T00:00');
  await dialog.getByRole('button', { name: 'Make token' }).click();
  await expect(dialog.getByRole('alert')).toContainText('would have expired already');
  await expect(dialog.getByLabel('Name')).toHaveValue('Old');
  await expect(dialog.getByLabel('read the figures')).toBeChecked();
});
