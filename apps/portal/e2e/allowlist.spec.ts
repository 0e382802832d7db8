import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page } from '@playwright/test';
import { expectNoFaults } from './axe.ts';
import { expect, hold, signIn, test, testReading } from './fixtures.ts';

const row = (page: Page, address: RegExp) => page.getByRole('row', { name: address });

test('adds what was pasted, says where it is applied, changes it, removes it and takes that back', async ({
  page,
  stack,
}) => {
  await signIn(page, '/allowlist');
  await expect(page.getByText('The allowlist is empty')).toBeVisible();
  await page.getByRole('button', { name: 'Add addresses' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('Addresses or networks')
    .fill('"203.0.113.7",\nNov 22 12:30:05 host sshd[7]: Accepted key for root from 2001:DB8::9 port 4');
  await dialog.getByLabel('Note').fill('<b>the office</b>');
  await dialog.getByLabel('Jails ignore it too').check();
  await dialog.getByRole('button', { name: 'Add 2 addresses' }).click();
  await expect(page.getByText('2 addresses will never be banned')).toBeVisible();
  await expect(row(page, /203\.0\.113\.7/)).toContainText('ignored by every jail');
  await expect(row(page, /2001:db8::9/)).toContainText('<b>the office</b>');
  expect(await stack.fail2ban.client('get', 'web', 'ignoreip')).toContain('203.0.113.7');

  await row(page, /203\.0\.113\.7/)
    .getByRole('button', { name: 'Change…' })
    .click();
  const jails = dialog.getByRole('list', { name: 'What the jails make of it' }).getByRole('listitem');
  await expect(jails).toHaveText(['manual ignored', 'ssh ignored', 'web ignored']);
  await dialog.getByLabel('Note').fill('night shift');
  await dialog.getByLabel('Until').fill('2099-01-01T00:00');
  await dialog.getByLabel('Jails ignore it too').uncheck();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('203.0.113.7 was changed')).toBeVisible();
  await expect(row(page, /203\.0\.113\.7/)).toContainText('night shift');
  await expect(row(page, /203\.0\.113\.7/)).toContainText('BanGUI and blocklists');
  await expect.poll(() => stack.fail2ban.client('get', 'web', 'ignoreip')).not.toContain('203.0.113.7');

  await row(page, /2001:db8::9/)
    .getByRole('button', { name: 'Remove' })
    .click();
  await hold(page, '2001:db8::9 can be banned again');
  await expect(row(page, /2001:db8::9/)).toBeHidden();
  await expect.poll(() => stack.fail2ban.client('get', 'web', 'ignoreip')).not.toContain('2001:db8::9');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(row(page, /2001:db8::9/)).toContainText('<b>the office</b>');
  await expect.poll(() => stack.fail2ban.client('get', 'web', 'ignoreip')).toContain('2001:db8::9');
});

testReading('what is typed as soon as a dialog is seen stays in the field it was typed into', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await signIn(page, '/allowlist');
  await page.evaluate(() => {
    // In the moment in which the dialog's fields are there: nobody is faster, however busy the machine.
    const seen = new MutationObserver(() => {
      if (!document.querySelector('#entry-addresses')) return;
      seen.disconnect();
      document.querySelector<HTMLElement>('#entry-note')?.focus();
    });
    seen.observe(document.body, { childList: true, subtree: true });
  });
  await page.getByRole('button', { name: 'Add addresses' }).first().click();
  const note = page.getByRole('dialog').getByLabel('Note');
  await expect(note).toBeFocused();
  // Material takes this off when the dialog has come up.
  await expect(page.locator('.mdc-dialog--open')).not.toContainClass('mdc-dialog--opening');
  await page.keyboard.type('the office');
  await expect(note).toHaveValue('the office');
});

test('keeps the search in the address, and says what is wrong with an entry', async ({ page }) => {
  await signIn(page, '/allowlist');
  await page.getByRole('button', { name: 'Add addresses' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Addresses or networks').fill('198.51.100.0/24');
  await dialog.getByRole('button', { name: 'Add 1 address' }).click();
  await expect(row(page, /198\.51\.100\.0/)).toBeVisible();
  await page.getByRole('button', { name: 'Add addresses' }).first().click();
  await dialog.getByLabel('Addresses or networks').fill('198.51.100.0/24');
  await dialog.getByRole('button', { name: 'Add 1 address' }).click();
  await expect(dialog.getByRole('alert')).toContainText('is on the allowlist already');
  await dialog.getByLabel('Addresses or networks').fill('0.0.0.0/0');
  await dialog.getByRole('button', { name: 'Add 1 address' }).click();
  await expect(dialog.getByRole('alert')).toContainText('this network is too wide');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByLabel('Address, network or text').fill('198.51.100.77');
  await expect(page).toHaveURL(/q=198\.51\.100\.77$/);
  await expect(row(page, /198\.51\.100\.0/)).toBeVisible();
  await page.goto('/allowlist?q=nobody');
  await expect(page.getByText('Nothing on the allowlist matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(row(page, /198\.51\.100\.0/)).toBeVisible();
});

test('says what is banned of it and unbans that; afterwards a ban is refused with the reason', async ({
  page,
  stack,
}) => {
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.7');
  await signIn(page, '/bans');
  await expect(row(page, /203\.0\.113\.7/)).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('203.0.113.7');
  await page.getByRole('option', { name: 'Never ban 203.0.113.7…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add 1 address' }).click();
  const question = page.getByRole('dialog', { name: 'Unban what is banned of it?' });
  await expect(question.getByText('203.0.113.7 is banned in web now.')).toBeVisible();
  await question.getByRole('button', { name: 'Unban' }).click();
  await expect(page.getByText('1 address unbanned')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toBe('');

  await page.getByRole('button', { name: 'Ban address', exact: true }).click();
  await page.getByLabel('Addresses or networks').fill('203.0.113.7\n203.0.113.0/24');
  const lines = page.getByRole('dialog').getByRole('listitem');
  await expect(lines.first()).toContainText('refused: this is on the allowlist');
  await expect(lines.nth(1)).toContainText('refused: this network holds an address of the allowlist');
});

test.describe('through a proxy', () => {
  test.use({
    stackOptions: { env: { BANGUI_TRUSTED_PROXIES: '127.0.0.1', BANGUI_SESSION_COOKIE_SECURE: 'false' } },
    extraHTTPHeaders: { 'X-Forwarded-For': '198.51.100.20' },
  });

  test('suggests the own address until it is added', async ({ page }) => {
    await signIn(page, '/allowlist');
    const suggestion = page.getByText('You are connected from 198.51.100.20');
    await expect(suggestion).toBeVisible();
    await page.getByRole('button', { name: 'Add it…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add 1 address' }).click();
    await expect(row(page, /198\.51\.100\.20/)).toBeVisible();
    await expect(suggestion).toBeHidden();
  });
});

test.describe('with a log of sshd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bangui-sshd-'));
  const log = join(folder, 'auth.log');
  test.use({
    stackOptions: { env: { BANGUI_SSHD_LOG: log, BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } },
  });
  test.afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('suggests who signed in here, warns when a list would block them, and adds them from both places', async ({
    page,
  }) => {
    const accepted = (address: string): string =>
      `${new Date().toISOString()} host sshd[1]: Accepted publickey for root from ${address} port 50022 ssh2\n`;
    writeFileSync(log, accepted('45.10.20.1') + accepted('45.10.20.2'));
    await signIn(page, '/allowlist');
    const suggested = page.getByRole('group').filter({ hasText: 'Signed in here within 30 days' });
    await expect(suggested.getByRole('listitem')).toHaveCount(2);
    await expect(suggested.getByRole('listitem').filter({ hasText: '45.10.20.1' })).toContainText('SSH, once');
    await expectNoFaults(page, '/allowlist');
    await page.getByRole('button', { name: 'Never ban 45.10.20.1…' }).click();
    const entry = page.getByRole('dialog', { name: 'Never ban these' });
    await entry.getByRole('button', { name: 'Add 1 address' }).click();
    await expect(row(page, /45\.10\.20\.1/)).toBeVisible();
    await expect(suggested.locator('summary')).toContainText('1');

    const publisher = createServer((_, response) => response.end('45.10.20.0/24\n'));
    publisher.listen(0, '127.0.0.1');
    await once(publisher, 'listening');
    const { port } = publisher.address() as AddressInfo;
    await page.goto('/blocklists');
    await page.getByRole('button', { name: 'Add blocklist' }).click();
    const source = page.getByRole('dialog', { name: 'Add a blocklist' });
    await source.getByLabel('Address', { exact: true }).fill(`http://127.0.0.1:${String(port)}/list.txt`);
    await source.getByRole('button', { name: 'Preview' }).click();
    const warning = source.getByText('It would block addresses from which somebody signed in here');
    await expect(warning).toBeVisible();
    await source.getByRole('button', { name: 'Never ban 45.10.20.2…' }).click();
    await entry.getByRole('button', { name: 'Add 1 address' }).click();
    await expect(source.getByText('What an import would make of it')).toBeVisible();
    await expect(warning).toBeHidden();
    publisher.closeAllConnections();
    publisher.close();
  });
});

test.describe('while fail2ban is away', () => {
  test('says that its jails were not asked, and applies the entry when it is back', async ({ page, stack }) => {
    await signIn(page, '/allowlist');
    // In order, it would stop its jails one by one, and may be seen without any.
    await stack.fail2ban.kill();
    await expect(page.getByText('fail2ban is offline: nothing is being banned.')).toBeVisible();
    await page.getByRole('button', { name: 'Add addresses' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Addresses or networks').fill('203.0.113.7');
    await dialog.getByLabel('Jails ignore it too').check();
    await dialog.getByRole('button', { name: 'Add 1 address' }).click();
    await expect(row(page, /203\.0\.113\.7/)).toContainText('waiting for 3 of 3 jails');
    await stack.fail2ban.restart();
    await expect(row(page, /203\.0\.113\.7/)).toContainText('ignored by every jail');
  });

  test('shows the jails of an entry when they come after it', async ({ page, stack }) => {
    await signIn(page, '/allowlist');
    for (const jail of ['web', 'ssh', 'manual']) await stack.fail2ban.client('stop', jail);
    await page.getByRole('button', { name: 'Add addresses' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Addresses or networks').fill('203.0.113.7');
    await dialog.getByLabel('Jails ignore it too').check();
    await dialog.getByRole('button', { name: 'Add 1 address' }).click();
    await expect(row(page, /203\.0\.113\.7/)).toContainText('no jail runs');
    await stack.fail2ban.restart();
    await expect(row(page, /203\.0\.113\.7/)).toContainText('ignored by every jail');
  });
});
