import { expect, keepsOnce, signIn, test } from './fixtures.ts';

const OFFLINE = 'fail2ban is offline: nothing is being banned.';

test('says within three seconds that fail2ban was stopped, and recovers by itself', async ({ page, stack }) => {
  await signIn(page);
  await expect(page.getByText('Protected, all 3 jails armed')).toBeVisible();
  await keepsOnce(async (time) => {
    if (time > 1) {
      await stack.fail2ban.restart();
      await expect(page.getByText(OFFLINE)).toBeHidden();
    }
    await stack.fail2ban.stop();
    await expect(page.getByText(OFFLINE)).toBeVisible({ timeout: 3000 });
  });
  await expect(page.getByText('Not protected, fail2ban is offline')).toBeVisible();
  await stack.fail2ban.restart();
  await expect(page.getByText(OFFLINE)).toBeHidden();
  await expect(page.getByText('Protected, all 3 jails armed')).toBeVisible();
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.7');
  await expect(page.locator('bangui-live-list').getByText('203.0.113.7')).toBeVisible();
});

test('says within a moment that fail2ban hangs, and recovers by itself', async ({ page, stack }) => {
  await signIn(page);
  await expect(page.getByText('Protected, all 3 jails armed')).toBeVisible();
  stack.fail2ban.suspend();
  await expect(page.getByText(OFFLINE)).toBeVisible();
  stack.fail2ban.resume();
  await expect(page.getByText(OFFLINE)).toBeHidden();
});

test('reconnects quietly after BanGUI itself was away, and shows what happened meanwhile', async ({ page, stack }) => {
  await signIn(page);
  await expect(page.locator('bangui-live-indicator')).toContainText('Live');
  await stack.killApi();
  await expect(page.locator('bangui-status-strips').getByText('Reconnecting…')).toBeVisible();
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.8');
  await stack.startApi();
  await expect(page.locator('bangui-status-strips').getByText('Reconnecting…')).toBeHidden();
  await expect(page.locator('bangui-live-list').getByText('203.0.113.8')).toBeVisible();
});

test('offers to try again when BanGUI does not answer', async ({ page, stack }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await stack.killApi();
  await page.route('**/api/**', (route) => route.abort());
  await page.evaluate(() => {
    history.pushState(null, '', '/jails');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('heading', { name: 'BanGUI does not answer' })).toBeVisible();
  await page.unroute('**/api/**');
  await stack.startApi();
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fjails/);
});
