import { readFile } from 'node:fs/promises';
import { type Locator, type Page } from '@playwright/test';
import { type Stack } from './bangui.ts';
import { expect, goByKeys, signIn, test, testReading } from './fixtures.ts';

const HOSTILE = '<img/src=x>\u202egpj.exe\u001b[31m';

/** Lets the jail `web` ban an address for three hostile lines. */
async function banForLines(stack: Stack, address: string): Promise<void> {
  for (let time = 0; time < 3; time += 1) await stack.fail2ban.log('web', `FAIL from ${address} user=${HOSTILE}`);
}

function rowsOf(page: Page): Locator {
  // The rows of events: each has a button that opens it.
  return page
    .getByRole('table', { name: 'History' })
    .getByRole('row')
    .filter({ has: page.getByRole('button') });
}

test('history shows a new ban by itself, opens its lines as text, and tells how it ended', async ({ page, stack }) => {
  await signIn(page, '/history');
  await expect(page.getByText('Nothing happened in this time')).toBeVisible();
  await banForLines(stack, '203.0.113.7');
  await expect(rowsOf(page)).toHaveCount(1);
  const ban = rowsOf(page).filter({ hasText: 'banned' });
  await expect(ban).toContainText('203.0.113.7');
  await expect(ban).toContainText('web');
  await expect(ban).toContainText('10 min');

  await ban.getByRole('button', { name: 'Matched lines of 203.0.113.7' }).click();
  const lines = page.getByRole('group', { name: 'Matched lines' });
  await expect(lines.locator('mark').first()).toHaveText('203.0.113.7');
  await expect(lines).toContainText('user=<img/src=x>');
  await expect(lines.locator('.ctl').filter({ hasText: 'U+202E' }).first()).toBeVisible();
  await expect(
    lines
      .locator('.ctl')
      .filter({ hasText: String.raw`\x1b` })
      .first(),
  ).toBeVisible();
  await expect(page.locator('main img[src="x"]')).toHaveCount(0);

  await stack.fail2ban.client('set', 'web', 'unbanip', '203.0.113.7');
  await expect(rowsOf(page).filter({ hasText: 'unbanned' })).toContainText('203.0.113.7');
});

test('history keeps its filters in the address, typed or chosen, and Back takes them back', async ({ page, stack }) => {
  await banForLines(stack, '203.0.113.1');
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.2');
  await stack.fail2ban.client('set', 'manual', 'banip', '198.51.100.0/28');
  await signIn(page, '/history');
  await expect(rowsOf(page)).toHaveCount(3);

  await page.keyboard.press('/');
  // All at once: a pause between two keys would search for what was typed by then, which Back would come to.
  await page.keyboard.insertText('jail:ssh');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]jail=ssh/);
  await expect(rowsOf(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Remove filter jail' }).click();
  await expect(rowsOf(page)).toHaveCount(3);
  await page.goBack();
  await expect(page).toHaveURL(/[?&]jail=ssh/);
  await expect(rowsOf(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address or network').fill('not an address');
  await expect(dialog.getByText('This is no address or network.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Show' })).toBeDisabled();
  await dialog.getByLabel('Address or network').fill('198.51.100.0/24');
  await dialog.getByRole('button', { name: 'Show' }).click();
  await expect(rowsOf(page)).toHaveCount(1);
  await expect(rowsOf(page)).toContainText('198.51.100.0/28');

  await page.goto('/history?text=GPJ.EXE');
  await expect(rowsOf(page)).toHaveCount(1);
  await rowsOf(page).getByRole('button').click();
  await expect(page.locator('mark').filter({ hasText: 'gpj.exe' }).first()).toBeVisible();
  await page.goto('/history?country=Atlantis&asn=x&origin=y&jail=-&network=nobody');
  await expect(rowsOf(page)).toHaveCount(3);
  await page.goto('/history?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z');
  await expect(page.getByText('Nothing happened in this time')).toBeVisible();
  await page.getByRole('button', { name: 'Look through 365 days' }).click();
  await expect(rowsOf(page)).toHaveCount(3);
});

test('history scrolls through thousands of events without drawing or keeping them all', async ({ page, stack }) => {
  test.setTimeout(120_000);
  const addresses = Array.from({ length: 2500 }, (_, index) => `198.18.${String(index >> 8)}.${String(index & 255)}`);
  for (let from = 0; from < addresses.length; from += 500) {
    await stack.fail2ban.client('set', 'manual', 'banip', ...addresses.slice(from, from + 500));
  }
  await signIn(page, '/history?action=ban');
  const rows = rowsOf(page);
  await expect(rows.first()).toBeVisible();
  // The last page may come in after the wheel's last turn: it goes on turning until the last row stands.
  await expect
    .poll(
      async () => {
        await page.mouse.move(700, 500);
        await page.mouse.wheel(0, 20_000);
        // While a page is on its way there may be no row to look at.
        return rows
          .last()
          .getAttribute('aria-rowindex', { timeout: 5_000 })
          .catch(() => null);
      },
      { timeout: 60_000, intervals: [100] },
    )
    .toBe('2501');
  await expect(page.locator('bangui-history-list footer')).toContainText('2,500 events. That is all of this time');
  expect(await rows.count()).toBeLessThan(150);
  const shown = await rows.last().getByRole('link').textContent();
  expect(addresses).toContain(shown);

  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.7');
  await page.getByRole('button', { name: 'Show 1 new event' }).click();
  await expect(rows.first()).toContainText('203.0.113.7');
});

test('exports what is filtered in each format, tells how far it is, and can be cancelled', async ({ page, stack }) => {
  await banForLines(stack, '203.0.113.1');
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.2', '203.0.113.3');
  await signIn(page, '/history?action=ban');
  await expect(rowsOf(page)).toHaveCount(3);
  const exportAs = async (format: string): Promise<string> => {
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: new RegExp(`^${format} `) }).check();
    const download = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^bangui-history.*\\.${format.toLowerCase()}$`));
    const bar = page.getByRole('region', { name: 'Export' });
    await expect(bar).toContainText(`Exported as ${format}: 3 rows`);
    await bar.getByRole('button', { name: 'Dismiss' }).click();
    return readFile(await file.path(), 'utf8');
  };
  const events = (await exportAs('NDJSON')).trimEnd().split('\n');
  expect(events).toHaveLength(3);
  expect(events.map((line) => (JSON.parse(line) as { address: string }).address).sort()).toEqual([
    '203.0.113.1',
    '203.0.113.2',
    '203.0.113.3',
  ]);
  expect(await exportAs('JSON')).toContain('203.0.113.2');
  expect(await exportAs('CSV')).toContain('203.0.113.3');

  // An answer that does not end, as a large export over a slow line.
  await page.route('**/api/v1/history/export?*', () => undefined);
  await page.getByRole('button', { name: 'Export…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  await expect(page.getByText('Exporting as CSV')).toBeVisible();
  await page.getByRole('region', { name: 'Export' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('region', { name: 'Export' })).toBeHidden();
});

test('an address has a page: what happened, where it is, and what to do about it', async ({ page, stack }) => {
  await banForLines(stack, '203.0.113.45');
  await signIn(page);
  const live = page.locator('bangui-live-list');
  await live.getByRole('link', { name: '203.0.113.45' }).click();
  await expect(page).toHaveURL(/\/address\/203\.0\.113\.45$/);
  await expect(page).toHaveTitle(/^203\.0\.113\.45/);
  await expect(page.getByText(/^Banned in web, \d+ min.* left$/)).toBeVisible();
  await expect(page.getByRole('img', { name: /Bans of 203\.0\.113\.45 by jail: web 1/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Matched lines' })).toContainText('gpj.exe');
  await expect(page.getByText('1 of 256 addresses banned now')).toBeVisible();
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.46');
  await expect(page.getByText('2 of 256 addresses banned now')).toBeVisible();
  await expect(page.getByText('It may be banned.')).toBeVisible();

  await page.getByRole('button', { name: 'Unban from web' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unban' }).click();
  await expect(page.getByText('Not banned now')).toBeVisible();
  await expect(page.getByRole('row', { name: /unbanned by operator/ })).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).not.toContain('203.0.113.45');

  await page.getByRole('button', { name: 'Ban…', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Addresses or networks')).toHaveValue('203.0.113.45');
  await dialog.getByLabel('Jail').selectOption('manual');
  await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
  await expect(page.getByText('Banned in manual for good')).toBeVisible();

  await page.getByRole('link', { name: '203.0.113.0/24' }).click();
  await expect(page).toHaveURL(/\/address\/203\.0\.113\.0\/24$/);
  await expect(page.getByText('2 bans inside')).toBeVisible();
  await expect(page.getByRole('row', { name: /203\.0\.113\.46/ })).toBeVisible();
});

test('an address without history can be looked up and banned, and nonsense is told', async ({ page, stack }) => {
  await signIn(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('198.51.100.77');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/address\/198\.51\.100\.77$/);
  await expect(page.getByText('Nothing is known of it')).toBeVisible();
  await page.getByRole('button', { name: 'Ban…', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Jail').selectOption('web');
  await page.getByRole('dialog').getByRole('button', { name: 'Ban 1 address' }).click();
  await expect(page.getByText(/^Banned in web, /)).toBeVisible();
  expect(await stack.fail2ban.client('get', 'web', 'banip')).toContain('198.51.100.77');

  await page.goto('/address/127.0.0.1');
  await expect(page.getByText('BanGUI refuses to ban this')).toBeVisible();
  await page.goto('/address/%3Cb%3Enobody');
  await expect(page.getByText('This is no address and no network')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('<b>nobody');
});

test('overview tells the figures of a range and leads from each of them to the events', async ({ page, stack }) => {
  // Real addresses, so that there is a country; nothing is sent to them.
  await stack.fail2ban.client('set', 'web', 'banip', '8.8.8.8', '8.8.4.4', '9.9.9.9');
  await banForLines(stack, '203.0.113.9');
  await signIn(page);
  const figures = page.getByRole('region', { name: 'Figures' });
  await expect(figures.locator('.kpi').filter({ hasText: 'Distinct addresses' })).toContainText('4', {
    timeout: 20_000,
  });
  // Nobody was banned before: the line begins at the bottom and ends at the top.
  const bannedNow = figures.locator('.kpi').filter({ hasText: 'Banned now' });
  await expect(bannedNow.locator('path.line')).toHaveAttribute('d', /^M0\.0 28\.0L.*L84\.0 2\.0$/);
  await expect(bannedNow.locator('.v')).toHaveAttribute('title', /reckoned back from now/);
  await expect(page.getByRole('group', { name: /^Bans by jail\. 4 in all/ })).toBeVisible();
  const trend = page.getByRole('region', { name: 'Bans over time' });
  await trend.getByRole('button', { name: 'Table' }).click();
  await expect(trend.getByRole('columnheader', { name: 'web' })).toBeVisible();
  const offenders = page.locator('bangui-ranking-panel').filter({ hasText: 'Top offenders' });
  await expect(offenders.getByRole('link')).toHaveCount(4);

  await page.getByRole('navigation', { name: 'Time range' }).getByRole('link', { name: '1 h', exact: true }).click();
  await expect(page).toHaveURL(/[?&]range=1h/);
  await expect(trend.getByText('per 1 min, by jail')).toBeVisible();
  // As a chart there is no room for each of sixty minutes.
  await trend.getByRole('button', { name: 'Chart' }).click();
  await expect(trend.getByText('per 2 min, by jail')).toBeVisible();
  await trend.getByRole('link', { name: 'Open in History' }).click();
  await expect(page).toHaveURL(/\/history\?range=1h/);
  await expect(rowsOf(page)).toHaveCount(4);

  await page.goto('/?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
  await expect(page.getByText('No bans in this time').first()).toBeVisible();
});

test('a chart is walked by keyboard, says what it shows, and leads from a bar to its events', async ({
  page,
  stack,
}) => {
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.1', '203.0.113.2');
  await signIn(page, '/?range=1h');
  const chart = page.getByRole('group', { name: /^Bans by jail\. 2 in all/ });
  await expect(chart.locator('canvas')).toBeVisible();
  await chart.focus();
  const spoken = chart.locator('[aria-live]');
  // The last bar is now, and the bar of the bans may be some minutes back. A key is pressed only when the last one was
  // answered, so that none goes past the bar.
  const walkToTheBans = async (): Promise<void> => {
    for (let said = await spoken.textContent(); !/: 2, web 2$/.test(said ?? ''); said = await spoken.textContent()) {
      await page.keyboard.press('ArrowLeft');
      await expect(spoken).not.toHaveText(said ?? '');
    }
  };
  await walkToTheBans();
  await page.keyboard.press('Escape');
  await expect(spoken).toHaveText('');
  await walkToTheBans();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/history\?from=.*action=ban/);
  await expect(rowsOf(page)).toHaveCount(2);
});

testReading('a range of one’s own is chosen in a dialog and stays in the address', async ({ page }) => {
  await signIn(page, '/map');
  await page.getByRole('button', { name: 'Custom' }).click();
  const dialog = page.getByRole('dialog', { name: 'Custom range' });
  await dialog.getByLabel('From').fill('2026-01-02T10:00');
  await dialog.getByLabel('To').fill('2026-01-01T10:00');
  await expect(dialog.getByRole('alert')).toContainText('the later one below');
  await expect(dialog.getByRole('button', { name: 'Show' })).toBeDisabled();
  await dialog.getByLabel('To').fill('2026-01-03T10:00');
  await dialog.getByRole('button', { name: 'Show' }).click();
  // Berlin is an hour ahead of UTC in winter.
  await expect(page).toHaveURL(/from=2026-01-02T09:00:00Z&to=2026-01-03T09:00:00Z/);
  await expect(page.getByRole('button', { name: 'Custom' })).toHaveAttribute('aria-current', 'true');
});

test('map counts countries, filters by jail, and leads from a country to its bans', async ({ page, stack }) => {
  await stack.fail2ban.client('set', 'web', 'banip', '8.8.8.8', '8.8.4.4');
  await stack.fail2ban.client('set', 'ssh', 'banip', '203.0.113.9');
  await signIn(page, '/history');
  await expect(rowsOf(page)).toHaveCount(3);
  await goByKeys(page, 'm', /\/map$/);
  await expect(page.getByText('3 bans from 1 country')).toBeVisible();
  await expect(page.getByRole('img', { name: /^Bans by country\. Most: United States 2/ })).toBeVisible();
  await page.getByLabel('Jail').selectOption('ssh');
  await expect(page).toHaveURL(/[?&]jail=ssh/);
  await expect(page.getByText('1 ban', { exact: true })).toBeVisible();
  await page.getByLabel('Jail').selectOption('web');
  await page.getByRole('button', { name: 'Table' }).click();
  await expect(page).toHaveURL(/[?&]show=table/);
  await page.getByRole('button', { name: 'United States' }).click();
  await expect(page).toHaveURL(/\/history\?.*country=US/);
  await expect(rowsOf(page)).toHaveCount(2);
});

test('a reverse name is asked for only when a person wants it', async ({ page, stack }) => {
  const asked: string[] = [];
  await page.route('**/api/v1/geo/*/name', async (route) => {
    asked.push(route.request().url());
    // A name server of the test's own would have to be the machine's: here the answer stands in for it.
    await route.fulfill({ json: { name: 'evil\u202e<b>.example' } });
  });
  await banForLines(stack, '203.0.113.7');
  await signIn(page, '/history');
  await rowsOf(page).getByRole('link', { name: '203.0.113.7' }).click();
  const button = page.getByRole('button', { name: 'Look up', exact: true });
  await expect(button).toBeVisible();
  expect(asked).toEqual([]);
  await button.click();
  await expect(page.getByText('<b>.example')).toBeVisible();
  expect(asked).toHaveLength(1);
});

testReading('what cannot be read is told where it would stand, and Retry reads it', async ({ page }) => {
  let isBroken = true;
  await page.route(/\/api\/v1\/(history|dashboard)/, (route) =>
    isBroken ? route.fulfill({ status: 500, body: '{}' }) : route.continue(),
  );
  await signIn(page, '/history');
  await expect(page.getByText('The history could not be read.')).toBeVisible();
  isBroken = false;
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText('Nothing happened in this time')).toBeVisible();
  isBroken = true;
  await page.getByRole('link', { name: 'Map' }).first().click();
  await expect(page.getByText('The countries could not be read.')).toBeVisible();
  isBroken = false;
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText('No bans in this time')).toBeVisible();
});
