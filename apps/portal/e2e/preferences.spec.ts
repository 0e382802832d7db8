import { expect, signIn, test, testReading } from './fixtures.ts';

testReading('speaks German, and remembers it', async ({ page }) => {
  await signIn(page);
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Übersicht' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.goto('/bans');
  await expect(page.getByRole('heading', { name: 'Sperren' })).toBeVisible();
  await expect(page).toHaveTitle('Sperren · BanGUI');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Bans' })).toBeVisible();
});

test('says in German why fail2ban is offline, and why a jail is not proven', async ({ page, stack }) => {
  await signIn(page, '/jails/web');
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await expect(page.getByText(/^Scharf/)).toBeVisible();
  await stack.fail2ban.stop();
  const why = `Es gibt keinen Socket unter ${stack.fail2ban.socketPath}: fail2ban läuft nicht`;
  await expect(page.locator('bangui-status-strips')).toContainText(why);
  await expect(page.locator('bangui-jail-alarm')).toContainText(why);
});

testReading('says in German why a value is refused', async ({ page }) => {
  await signIn(page, '/jails/web?tab=parameters');
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.locator('#live-bantime').fill('nie');
  await page.locator('bangui-jail-parameters button[type=submit]').click();
  await expect(page.locator('#live-bantime-hint')).toContainText('muss eine Zeit wie 600, 10m oder 1d 6h sein');
});

test.describe('in a German browser', () => {
  testReading.use({ locale: 'de-DE' });
  testReading('is German from the first page on', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Anmelden' })).toBeVisible();
  });
});

testReading('follows the theme of the system until one is chosen, and remembers that', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page);
  const theme = page.locator('html');
  await expect(theme).toHaveAttribute('data-theme', 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(theme).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Switch between light and dark' }).click();
  await expect(theme).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(theme).toHaveAttribute('data-theme', 'dark');
});
