import { expect, keepsOnce, signIn, test } from './fixtures.ts';

test('shows a ban made with fail2ban-client on the side within two seconds, without reload', async ({
  page,
  stack,
}) => {
  await signIn(page);
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  const list = page.locator('bangui-live-list');
  await expect(list.getByText('Nobody is banned now')).toBeVisible();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));

  const banned = page.getByRole('region', { name: 'Figures' }).locator('.kpi').first();
  await keepsOnce(async (time) => {
    const address = `203.0.113.${String(time)}`;
    await stack.fail2ban.client('set', 'web', 'banip', address);
    await expect(list.getByRole('link', { name: address })).toBeVisible({ timeout: 2000 });
    await expect(banned).toContainText(String(time), { timeout: 2000 });
  });
  await keepsOnce(async (time) => {
    const address = `198.51.100.${String(time)}`;
    await stack.fail2ban.client('set', 'web', 'banip', address);
    await expect(list.getByRole('link', { name: address })).toBeVisible();
    await stack.fail2ban.client('set', 'web', 'unbanip', address);
    await expect(list.getByText('unbanned')).toHaveCount(time, { timeout: 2000 });
  });
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
});

test('shows a ban that fail2ban makes from its log', async ({ page, stack }) => {
  await signIn(page, '/bans');
  for (let time = 0; time < 3; time += 1) await stack.fail2ban.log('web', 'FAIL from 198.51.100.9');
  await expect(page.getByRole('row', { name: /198\.51\.100\.9/ })).toContainText('web');
});

test('stands still while it is paused, and counts what it holds back', async ({ page, stack }) => {
  await signIn(page);
  const list = page.locator('bangui-live-list');
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1');
  await expect(list.getByRole('link', { name: '203.0.113.1' })).toBeVisible();
  await list.getByRole('button', { name: 'Pause' }).click();
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.2');
  await expect(list.getByText('1 held back')).toBeVisible();
  await expect(list.getByRole('link', { name: '203.0.113.2' })).toBeHidden();
  await list.getByRole('button', { name: 'Resume' }).click();
  await page.mouse.move(0, 0);
  await page.locator('main').focus();
  await expect(list.getByRole('link', { name: '203.0.113.2' })).toBeVisible();
});

test('opens one stream per browser, and the next tab takes over without losing a ban', async ({
  context,
  page,
  stack,
}) => {
  const streams: string[] = [];
  context.on('request', (request) => {
    if (request.url().includes('/api/v1/events')) streams.push(request.url());
  });
  await signIn(page);
  await expect(page.locator('bangui-live-indicator')).toContainText('Live');
  const second = await context.newPage();
  await second.goto('/');
  await expect(second.locator('bangui-live-indicator')).toContainText('Live');
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.3');
  await expect(second.locator('bangui-live-list').getByText('203.0.113.3')).toBeVisible();
  expect(streams).toHaveLength(1);

  await page.close();
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.4');
  await expect(second.locator('bangui-live-list').getByText('203.0.113.4')).toBeVisible();
  expect(streams).toHaveLength(2);
  expect(streams[1]).toContain('lastEventId=');
});
