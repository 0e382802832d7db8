import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test, testReading } from './fixtures.ts';

const PAGES = ['/', '/history', '/history?jail=web&text=gpj', '/history?jail=nothing', '/map', '/map?show=table'];
const ADDRESSES = ['/address/203.0.113.7', '/address/203.0.113.0/24', '/address/2001:db8::1', '/address/nobody'];

test.use(narrowScreen);

test('axe finds nothing on the pages of the archive in either theme, and none is too wide', async ({ page, stack }) => {
  test.setTimeout(360_000);
  await stack.fail2ban.client('set', 'manual', 'banip', '2001:db8:1234:5678:9abc:def0:1234:5678', '8.8.8.8');
  for (let time = 0; time < 3; time += 1) await stack.fail2ban.log('web', 'FAIL from 203.0.113.7 user=\u202egpj.exe');
  await signIn(page);
  for (const path of [...PAGES, ...ADDRESSES]) {
    await page.goto(path);
    await expect(page.locator('main h1').first()).toBeVisible();
    await expect(page.locator('bangui-skeleton')).toHaveCount(0);
    if (path.startsWith('/history?jail=web'))
      await page
        .getByRole('button', { name: /^Matched lines of/ })
        .first()
        .click();
    await expectNoFaults(page, path);
  }
});

testReading('axe finds nothing in the dialogs of the archive', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, '/history');
  for (const name of ['Filter', 'Export…', 'Custom']) {
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectNoFaults(page, name);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});
