import { expect, test } from './fixtures.ts';

test.use({ stackOptions: { env: { BANGUI_ADMIN_USERNAME: '', BANGUI_ADMIN_PASSWORD: '' } } });

test('sets BanGUI up in the browser and shows the overview', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/setup$/);
  await expect(page.getByRole('heading', { name: 'Welcome to BanGUI' })).toBeVisible();
  const checks = page.getByRole('list', { name: 'Checks' }).getByRole('listitem');
  await expect(checks).toHaveCount(4);
  await expect(checks.filter({ hasText: "fail2ban's socket" })).toHaveClass('ok');

  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(page.getByText('Choose a name.')).toBeVisible();

  await page.getByLabel('User').fill('first');
  await page.getByLabel('Password', { exact: true }).fill('a sentence is good');
  await page.getByLabel('Password again').fill('a sentence is good');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(page.getByText('Protected, all 3 jails armed')).toBeVisible();
});

test('names what is wrong with the machine, and sees by itself when it is mended', async ({ page, stack }) => {
  await stack.fail2ban.stop();
  await page.goto('/setup');
  const socket = page.getByRole('listitem').filter({ hasText: "fail2ban's socket" });
  await expect(socket).toHaveClass('watch');
  await stack.fail2ban.restart();
  await expect(socket).toHaveClass('ok');
});

test.describe('from another machine', () => {
  test.use({
    stackOptions: {
      env: {
        BANGUI_ADMIN_USERNAME: '',
        BANGUI_ADMIN_PASSWORD: '',
        BANGUI_TRUSTED_PROXIES: '127.0.0.1',
        BANGUI_SESSION_COOKIE_SECURE: 'false',
      },
    },
    extraHTTPHeaders: { 'X-Forwarded-For': '198.51.100.20' },
  });

  test('asks for the code, and puts the own address on the allowlist when told to', async ({ page, stack }) => {
    await page.goto('/setup');
    await page.getByLabel('One-time code').fill(await stack.setupCode());
    await page.getByLabel('User').fill('first');
    await page.getByLabel('Password', { exact: true }).fill('a sentence is good');
    await page.getByLabel('Password again').fill('a sentence is good');
    await page.getByLabel('Never ban 198.51.100.20').check();
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await expect(page.getByText('198.51.100.20 will never be banned')).toBeVisible();
    await page.goto('/allowlist');
    await expect(page.getByRole('row', { name: /198\.51\.100\.20/ })).toContainText('ignored by every jail');
    expect(await stack.fail2ban.client('get', 'web', 'ignoreip')).toContain('198.51.100.20');
  });
});
