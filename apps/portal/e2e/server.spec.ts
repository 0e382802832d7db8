import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

test('shows and changes settings of the running fail2ban, and says what is not possible', async ({ page, stack }) => {
  const { fail2ban } = stack;
  await signIn(page, '/server');
  await expect(page.getByLabel('Log level')).toHaveValue('INFO');
  const apply = page.getByRole('button', { name: 'Apply' });
  await expect(apply).toBeDisabled();
  await page.getByLabel('Log level').selectOption('DEBUG');
  await page.getByLabel('Bans are kept in its database for').fill('2d');
  await apply.click();
  await expect(page.getByText('fail2ban has the new settings')).toBeVisible();
  await expect(page.getByLabel('Bans are kept in its database for')).toHaveValue('172800');
  await expect(page.getByText('loglevel = DEBUG')).toBeVisible();
  expect(await fail2ban.client('get', 'loglevel')).toContain('DEBUG');
  expect(await fail2ban.client('get', 'dbpurgeage')).toContain('172800');

  await page.getByLabel('Log target').fill('/etc/shadow');
  await apply.click();
  await expect(page.getByRole('alert')).toContainText('a file ending in .log in /var/log');
  expect(await fail2ban.client('get', 'logtarget')).toContain(fail2ban.logDir);

  await page.getByRole('button', { name: 'Flush logs' }).click();
  await expect(page.getByText('fail2ban has opened its log anew')).toBeVisible();
  await page.getByRole('button', { name: 'Reload all jails' }).click();
  await expect(page.getByText('All jails were reloaded and proven')).toBeVisible();
  await expect(page.getByText('BANGUI_FAIL2BAN_RESTART')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Restart…' })).toHaveCount(0);
});

test('keeps settings over restarts, through the same dialog as a change of a jail', async ({ page, stack }) => {
  await signIn(page, '/server');
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await page.getByLabel('Log level').selectOption('NOTICE');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Keep them…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('insertion').filter({ hasText: 'loglevel = NOTICE' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'Keep them…' })).toBeHidden();
  await stack.fail2ban.restart();
  expect(await stack.fail2ban.client('get', 'loglevel')).toContain('NOTICE');
});

test.describe('with a program that fails to restart', () => {
  test.use({ stackOptions: { env: { BANGUI_FAIL2BAN_RESTART: '/bin/false' } } });

  test('asks before a restart and says that it failed', async ({ page }) => {
    await signIn(page, '/server');
    await page.getByRole('button', { name: 'Restart…' }).click();
    const question = page.getByRole('dialog', { name: 'Restart fail2ban?' });
    await question.getByRole('button', { name: 'Restart fail2ban' }).click();
    await expect(page.getByText('The restart failed.')).toBeVisible();
  });
});

test.describe('on a narrow screen', () => {
  test.use(narrowScreen);

  test('axe finds nothing on the page of the server, and while fail2ban is away', async ({ page, stack }) => {
    test.setTimeout(180_000);
    await signIn(page, '/server');
    await expect(page.getByLabel('Log level')).toHaveValue('INFO');
    await expectNoFaults(page, 'the server', [360, 768, 1100, 2560]);
    await page.getByLabel('Log target').fill('/etc/shadow');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoFaults(page, 'a refused setting');
    await stack.fail2ban.stop();
    await page.goto('/server');
    await expect(page.getByText('The settings could not be read')).toBeVisible();
    await expectNoFaults(page, 'the server while fail2ban is away');
  });
});
