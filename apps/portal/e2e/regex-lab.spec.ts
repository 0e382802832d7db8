import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test, testReading } from './fixtures.ts';

const LINES = [
  '1795169472 FAIL from 203.0.113.9 user=carol',
  '1795169473 FAIL from 203.0.113.9 ignored',
  '1795169474 <img src=x onerror=alert(1)> \u202e',
].join('\n');

testReading('tries a filter on pasted lines, and takes its regexes over to change them', async ({ page }) => {
  await signIn(page, '/regex-lab');
  await expect(page.getByText('Nothing was tried yet')).toBeVisible();
  const attempt = page.getByRole('button', { name: 'Try' });
  await expect(attempt).toBeDisabled();
  await page.getByLabel('Filter').fill('test');
  await page.getByLabel('Lines', { exact: true }).fill(LINES);
  await attempt.click();
  const lines = page.getByRole('listitem').filter({ has: page.locator('.chip') });
  await expect(lines).toHaveCount(3);
  await expect(lines.nth(0)).toContainText('matched');
  await expect(lines.nth(0).locator('mark.host')).toHaveText('203.0.113.9');
  await expect(lines.nth(0).getByText('carol').first()).toBeVisible();
  await expect(lines.nth(1)).toContainText('an ignoreregex matched');
  await expect(lines.nth(2)).toContainText('<img src=x onerror=alert(1)> U+202E');
  await expect(page).toHaveURL(/filter=test/);
  await page.getByRole('button', { name: 'Missed 1' }).click();
  await expect(lines).toHaveCount(1);

  await page.getByRole('button', { name: 'Change these…' }).click();
  await expect(page).toHaveURL(/use=regexes/);
  const failregex = page.getByLabel('failregex');
  await expect(failregex).toHaveValue(/FAIL from <ADDR>/);
  await failregex.fill('FAIL .* <HOST>');
  await attempt.click();
  await expect(page.getByText('Nothing ties this to the beginning')).toBeVisible();
  await expect(page.locator('mark.weak').nth(1)).toHaveText('.*');
  await failregex.fill('^ok <HOST>\n^(FAIL <HOST>');
  await attempt.click();
  await expect(page.getByRole('alert')).toContainText('failregex 2: missing ), unterminated subpattern');
  await failregex.fill('^(F+)+b <HOST>');
  await page.getByLabel('Lines', { exact: true }).fill('F'.repeat(5000));
  await attempt.click();
  await expect(page.getByRole('alert')).toContainText('The run took too long and was ended');
});

test('a link to a filter and a log shows what comes of them', async ({ page, stack }) => {
  await stack.fail2ban.log('web', 'FAIL from 203.0.113.77 user=dave');
  await signIn(page, '/regex-lab');
  await page.getByLabel('Filter').fill('test');
  await page.getByRole('button', { name: 'A log', exact: true }).click();
  await page.getByLabel('Log', { exact: true }).selectOption(`${stack.fail2ban.logDir}/web.log`);
  await expect(page).toHaveURL(/log=.*web\.log/);
  await page.getByLabel('Last lines').selectOption('50');
  await page.getByRole('button', { name: 'Try' }).click();
  await expect(page.getByRole('link', { name: '203.0.113.77' })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Last lines')).toHaveValue('50');
  await page.getByRole('link', { name: '203.0.113.77' }).click();
  await expect(page).toHaveURL(/\/address\/203\.0\.113\.77/);
  await page.goto('/regex-lab?filter=test&log=%2Fetc%2Fpasswd');
  await expect(page.getByRole('alert')).toContainText('No jail reads this log');
});

testReading.describe('on a narrow screen', () => {
  testReading.use(narrowScreen);

  testReading('axe finds nothing in the lab, empty, with results and with a fault', async ({ page }) => {
    test.setTimeout(180_000);
    await signIn(page, '/regex-lab');
    await expect(page.getByText('Nothing was tried yet')).toBeVisible();
    await expectNoFaults(page, 'the empty lab', [360, 768, 1100, 2560]);
    await page.goto('/regex-lab?use=regexes');
    await page.getByLabel('failregex').fill(`FAIL .* <HOST>${'(?:long)?'.repeat(40)}`);
    await page.getByLabel('ignoreregex').fill('ignored');
    await page.getByLabel('Lines', { exact: true }).fill(`${LINES}\n${'FAIL'.repeat(200)} 203.0.113.9`);
    await page.getByRole('button', { name: 'Try' }).click();
    await expect(page.getByRole('heading', { name: 'What was tried' })).toBeVisible();
    await expectNoFaults(page, 'results of the lab', [360, 768, 1100, 2560]);
    await page.getByLabel('failregex').fill('(');
    await page.getByRole('button', { name: 'Try' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoFaults(page, 'a fault in the lab');
  });
});
