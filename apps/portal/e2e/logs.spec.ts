import { appendFile, writeFile } from 'node:fs/promises';
import { type Page } from '@playwright/test';
import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

const rows = (page: Page) => page.getByRole('region', { name: 'Lines of the log' }).getByRole('listitem');

test('follows the log, pauses, filters by level, jail and address, and leads to an address', async ({
  page,
  stack,
}) => {
  const { fail2ban } = stack;
  await signIn(page, '/logs');
  await expect(rows(page).first()).toBeVisible();
  await fail2ban.client('set', 'web', 'banip', '203.0.113.77');
  await expect(rows(page).filter({ hasText: '[web] Ban 203.0.113.77' })).toBeVisible();

  await page.getByRole('button', { name: 'Pause' }).click();
  await fail2ban.client('set', 'ssh', 'banip', '203.0.113.78');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(rows(page).filter({ hasText: '[ssh] Ban 203.0.113.78' })).toHaveCount(1);

  await page.getByLabel('Jail', { exact: true }).selectOption('web');
  await page.getByLabel('Level').selectOption('NOTICE');
  await expect(page).toHaveURL(/jail=web/);
  await expect(page).toHaveURL(/level=NOTICE/);
  await expect(rows(page)).toHaveCount(1);
  await page.getByLabel('Address or network').fill('203.0.113.78');
  await expect(page).toHaveURL(/address=203\.0\.113\.78/);
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(rows(page).filter({ hasText: '203.0.113.77' })).toHaveCount(1);
  await page.reload();
  await rows(page).getByRole('link', { name: '203.0.113.77' }).click();
  await expect(page).toHaveURL(/\/address\/203\.0\.113\.77/);
});

test('shows hostile lines as text, opens long ones and draws only what is in view', async ({ page, stack }) => {
  const log = `${stack.fail2ban.logDir}/fail2ban.log`;
  const line = (text: string): string => `2026-11-20 10:11:12,345 fail2ban.filter         [812]: INFO    ${text}\n`;
  await signIn(page, '/logs');
  await expect(rows(page).first()).toBeVisible();
  const many = Array.from({ length: 3_000 }, (_, index) => line(`number ${String(index)}`)).join('');
  await appendFile(log, many + line(`<img src=x onerror=alert(1)> \u202e${'long '.repeat(300)}the end`));
  const last = rows(page).last();
  await expect(last).toContainText('<img src=x onerror=alert(1)> [U+202E]');
  expect(await rows(page).count()).toBeLessThan(150);
  await last.getByRole('button').click();
  // The line itself, cut by the page, and the whole of it below.
  await expect(page.getByText('the end').last()).toBeInViewport();
  const box = page.getByRole('region', { name: 'Lines of the log' });
  await expect(async () => {
    // While it follows the end it goes there again when its height has changed.
    await box.evaluate((element) => element.scrollTo(0, 0));
    await expect(page.getByRole('button', { name: 'Go to the end' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  // What is written while somebody reads further up moves nothing.
  const heightOf = (): Promise<number> => box.evaluate((element) => element.scrollHeight);
  const [first, height] = [await rows(page).first().innerText(), await heightOf()];
  await appendFile(log, line('written meanwhile'));
  await expect.poll(heightOf).toBeGreaterThan(height);
  expect(await rows(page).first().innerText()).toBe(first);
  await page.getByRole('button', { name: 'Go to the end' }).click();
  await expect(rows(page).last()).toContainText('written meanwhile');
});

test('says where else fail2ban writes to', async ({ page, stack }) => {
  await stack.fail2ban.client('set', 'logtarget', 'STDOUT');
  await signIn(page, '/logs');
  await expect(page.getByText('There is no log to show')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('fail2ban writes its log to STDOUT');
});

test.describe('on a narrow screen', () => {
  test.use(narrowScreen);

  test('axe finds nothing in the log, empty, filled, opened and elsewhere', async ({ page, stack }) => {
    test.setTimeout(180_000);
    await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.77', '2001:db8:1234:5678:9abc:def0:1234:5678');
    await signIn(page, '/logs');
    await expect(rows(page).filter({ hasText: '203.0.113.77' }).first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    await rows(page).filter({ hasText: '203.0.113.77' }).first().getByRole('button').click();
    await expectNoFaults(page, 'the log', [360, 768, 1100, 2560]);
    await page.goto('/logs?address=198.51.100.1');
    await expect(page.getByText('Nothing matches')).toBeVisible();
    await expectNoFaults(page, 'the log without a match');
    await stack.fail2ban.client('set', 'logtarget', 'STDOUT');
    await writeFile(`${stack.fail2ban.logDir}/fail2ban.log`, '');
    await page.goto('/logs');
    await expect(page.getByText('There is no log to show')).toBeVisible();
    await expectNoFaults(page, 'a log elsewhere');
  });
});
