import BetterSqlite from 'better-sqlite3';
import { expectNoFaults } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

const SUMS = 'Make the sums of the history again';

test.describe('with a short heartbeat', () => {
  test.use({ stackOptions: { env: { BANGUI_SCHEDULER_HEARTBEAT_SECONDS: '0.5' } } });

  test('a standby tells that the heartbeat of the holder is late, and that it is back', async ({ stack, browser }) => {
    await using standby = await stack.another();
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await signIn(page, `${standby.url}/tasks`);
    const holder = page.getByRole('region', { name: 'Who runs the tasks' });
    await expect(holder.locator('header')).toContainText('another instance');
    stack.suspendApi();
    await expect(holder.locator('header')).toContainText('heartbeat is late');
    await expect(holder).toContainText('Without a heartbeat the lock is free after 1 min');
    await expectNoFaults(page, 'a late heartbeat');
    stack.resumeApi();
    await expect(holder.locator('header')).toContainText('another instance');
    await context.close();
  });
});

test('shows how far a run is while it goes on, and how it ended', async ({ page, stack }) => {
  test.setTimeout(120_000);
  await stack.fail2ban.client('set', 'web', 'banip', '203.0.113.7');
  await signIn(page, '/history');
  await expect(page.getByRole('link', { name: '203.0.113.7' })).toBeVisible();
  await stack.killApi();
  // The same event on each of the sixty days before, and a database that is slow to sum a day up.
  const database = new BetterSqlite(stack.databasePath);
  const columns = database
    .prepare<[], { name: string }>('PRAGMA table_info(history_archive)')
    .all()
    .map(({ name }) => name)
    .filter((name) => name !== 'id' && name !== 'at');
  const list = columns.map((name) => `"${name}"`).join(', ');
  database.exec(
    `INSERT INTO history_archive (at, ${list})
       WITH RECURSIVE day(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM day WHERE n < 60)
       SELECT at - n * 86400000, ${list} FROM history_archive, day WHERE id = 1;
     CREATE TRIGGER slow_down BEFORE INSERT ON history_hourly BEGIN
       SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) SELECT i FROM n);
     END`,
  );
  database.close();
  await stack.startApi();
  await page.goto('/tasks');
  const row = page.getByRole('row').filter({ hasText: SUMS });
  await page.getByRole('button', { name: `Run now: ${SUMS}` }).click();
  const bar = row.getByRole('progressbar', { name: 'Progress' });
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5);
  await expect(row).toContainText(/\d+ of 6\d/);
  await expectNoFaults(page, 'a run that goes on');
  await expect(row).toContainText('succeeded', { timeout: 60_000 });
  await expect(bar).toBeHidden();
});
