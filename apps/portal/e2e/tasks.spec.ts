import { randomUUID } from 'node:crypto';
import { type Page } from '@playwright/test';
import BetterSqlite from 'better-sqlite3';
import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, goByKeys, signIn, test, testReading } from './fixtures.ts';

/** The task's row in the list. */
const rowOf = (page: Page, title: string) => page.getByRole('row', { name: title });
const CLEAN_UP = 'Forget ended sessions';
const SYNC = 'Take bans into the history';

async function choose(page: Page, task: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${task}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

testReading('says who holds the lock and when each task runs', async ({ page }) => {
  await signIn(page);
  const strip = page.getByRole('region', { name: 'Status' });
  await expect(strip).toContainText('on this instance');
  await strip.getByRole('link', { name: 'Tasks' }).click();
  const holder = page.getByRole('region', { name: 'Who runs the tasks' });
  await expect(holder).toContainText('this instance');
  await expect(holder.getByText(/^\d+$/).first()).toBeVisible();
  await expect(holder).toContainText('every 5 s');
  await expect(holder).toContainText('The lock is in the database.');
  await expect(rowOf(page, SYNC)).toContainText('all the time');
  await expect(rowOf(page, SYNC)).toContainText('running');
  await expect(rowOf(page, CLEAN_UP)).toContainText('every hour');
  await expect(rowOf(page, 'Make the sums')).toContainText('on day 1 of every month at 03:40 UTC');
});

testReading('keeps the heartbeat young while the page is open', async ({ page }) => {
  await signIn(page, '/tasks');
  const beat = page.locator('bangui-scheduler-panel dl > div', { hasText: 'Last heartbeat' }).locator('time');
  const first = (await beat.getAttribute('datetime')) ?? '';
  await expect(async () => expect(((await beat.getAttribute('datetime')) ?? '') > first).toBe(true)).toPass();
  await expect(page.getByText('heartbeat is late')).toBeHidden();
});

test('runs a task now, tells its outcome and keeps it in the history of its runs', async ({ page }) => {
  await signIn(page, '/tasks');
  await page.getByRole('button', { name: `Run now: ${CLEAN_UP}` }).click();
  await expect(page.getByText(`${CLEAN_UP}: succeeded`)).toBeVisible();
  const row = rowOf(page, CLEAN_UP);
  await expect(row).toContainText('succeeded');
  await expect(page.getByRole('button', { name: `Run now: ${CLEAN_UP}` })).toBeEnabled();

  await row.getByRole('link', { name: CLEAN_UP }).click();
  await expect(page).toHaveTitle(`${CLEAN_UP} · BanGUI`);
  const run = page.getByRole('row', { name: /by operator/ });
  await expect(run).toContainText('succeeded');
  await expect(run).toContainText('0 removed');
  await run.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText(/fencing token/)).toBeVisible();

  await page.getByRole('button', { name: `Run now: ${CLEAN_UP}` }).click();
  await expect(page.getByRole('row', { name: /by operator/ })).toHaveCount(2);
});

test('pauses and resumes a task; a paused one needs attention', async ({ page }) => {
  await signIn(page, '/tasks');
  await choose(page, SYNC, 'Pause');
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await expect(rowOf(page, SYNC)).toContainText('paused');
  await expect(rowOf(page, SYNC)).toContainText('stopped');

  await page.getByRole('link', { name: 'Overview' }).first().click();
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention).toContainText(`“${SYNC}” is paused`);
  await attention.getByRole('button', { name: 'Resume' }).click();
  await expect(attention).not.toContainText(SYNC);
  await page.goto('/tasks');
  await expect(rowOf(page, SYNC)).toContainText('running');
  await expect(rowOf(page, SYNC)).not.toContainText('paused');
});

test('changes a schedule, shows the next times before, and goes back to the default', async ({ page }) => {
  await signIn(page, '/tasks');
  await choose(page, CLEAN_UP, 'Change schedule…');
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: 'Save' });
  await dialog.getByLabel('Every').fill('0');
  await expect(dialog.getByRole('alert')).toHaveText('From 1 min to 30 d.');
  await expect(save).toBeDisabled();
  await dialog.getByRole('button', { name: 'Times (cron)' }).click();
  const cron = dialog.getByLabel('Cron expression');
  await cron.fill('0 25 * * *');
  await expect(dialog.getByRole('alert')).toContainText('The hour must be made of the numbers 0 to 23');
  await cron.fill('0 0 30 2 *');
  await expect(dialog.getByRole('alert')).toHaveText('This day never comes.');
  await cron.fill('15 4 1,15 * 1');
  await expect(dialog.getByRole('alert')).toHaveText('');
  const next = await dialog.getByRole('listitem').first().getAttribute('title');
  await save.click();
  await expect(dialog).toBeHidden();
  // What the dialog foretold is what the API plans.
  await expect(rowOf(page, CLEAN_UP).getByTitle(next ?? 'nothing')).toBeVisible();

  await choose(page, CLEAN_UP, 'Change schedule…');
  await page.getByRole('dialog').getByRole('button', { name: 'Back to every hour' }).click();
  await expect(rowOf(page, CLEAN_UP)).toContainText('every hour');
});

test('tells of a run that failed, in the list, in its history and on the first page', async ({ page, stack }) => {
  const error = `The table is gone. ${'Nothing more is known of it. '.repeat(20)}<b>end</b>`;
  await stack.killApi();
  const database = new BetterSqlite(stack.databasePath);
  database
    .prepare(
      `INSERT INTO task_run (id, task, "trigger", outcome, started_at, duration_ms, error, token, instance_id)
       VALUES (?, 'history_retention', 'schedule', 'failed', ?, 61000, ?, 1, ?)`,
    )
    .run(randomUUID(), Date.now() - 60_000, error, randomUUID());
  database.close();
  await stack.startApi();
  await signIn(page);
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention).toContainText('The table is gone.');
  await attention.getByRole('link', { name: '“Forget old history” failed' }).click();
  const run = page.getByRole('row', { name: /as planned/ });
  await expect(run).toContainText('failed');
  await expect(run).toContainText('1 min 1 s');
  await run.getByRole('button', { name: 'Details' }).click();
  await expect(page.locator('.detail .code')).toHaveText(error);
  await page.goto('/tasks');
  await expect(rowOf(page, 'Forget old history')).toContainText('The table is gone.');
  await page.goto('/');
  await attention.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByText('Forget old history: succeeded')).toBeVisible();
  await expect(attention).not.toContainText('Forget old history');
});

testReading('says what failed when the tasks cannot be read, and tries again', async ({ page }) => {
  await signIn(page);
  await page.route('**/api/v1/tasks', (route) => route.fulfill({ status: 503, body: '' }));
  await page.goto('/tasks');
  await expect(page.getByRole('alert').filter({ hasText: 'The tasks could not be read.' })).toBeVisible();
  await page.unroute('**/api/v1/tasks');
  await expect(page.getByRole('region', { name: 'Who runs the tasks' })).toBeVisible();
});

testReading('is found in the palette and by its keys', async ({ page }) => {
  await signIn(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('tasks');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tasks$/);
  await page.getByRole('link', { name: 'Overview' }).first().click();
  await expect(page).not.toHaveURL(/\/tasks$/);
  await goByKeys(page, 't', /\/tasks$/);
});

test('a standby names the holder, and takes over from one that was killed', async ({ stack, browser }) => {
  await using standby = await stack.another();
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await signIn(page, `${standby.url}/tasks`);
  const holder = page.getByRole('region', { name: 'Who runs the tasks' });
  await expect(holder).toContainText('another instance');
  await expect(holder).toContainText('standby, takes over when the lock is free');
  await page.getByRole('button', { name: `Run now: ${CLEAN_UP}` }).click();
  await expect(rowOf(page, CLEAN_UP)).toContainText('succeeded');
  await stack.killApi();
  await expect(holder.locator('header')).toContainText('this instance');
  await context.close();
});

test.describe('without a holder', () => {
  test.use({ stackOptions: { env: { BANGUI_SCHEDULER_ROLE: 'off' } } });

  test('warns that nothing runs, and what to do', async ({ page }) => {
    await signIn(page);
    await expect(page.getByRole('region', { name: 'Needs attention' })).toContainText('No instance runs the tasks');
    await expect(page.getByRole('region', { name: 'Status' })).toContainText('run nowhere');
    await page.goto('/tasks');
    const warning = page.getByRole('alert').filter({ hasText: 'No instance holds the lock, so no task runs.' });
    await expect(warning).toContainText('BANGUI_SCHEDULER_ROLE=required');
    await page.getByRole('button', { name: `Run now: ${CLEAN_UP}` }).click();
    await expect(page.getByText('Asked for. It begins when an instance holds the lock.')).toBeVisible();
    await expect(rowOf(page, CLEAN_UP)).toContainText('asked for');
    await expectNoFaults(page, 'tasks without a holder');
  });
});

test.describe('on every screen', () => {
  test.use(narrowScreen);

  test('axe finds nothing on the pages of the tasks in either theme, and nothing is too wide', async ({ page }) => {
    test.setTimeout(180_000);
    await signIn(page, '/tasks');
    await page.getByRole('button', { name: `Run now: ${CLEAN_UP}` }).click();
    await expect(page.getByText(`${CLEAN_UP}: succeeded`)).toBeVisible();
    await choose(page, 'Forget old history', 'Pause');
    for (const path of ['/tasks', '/tasks/session_clean_up', '/tasks/no_such_task']) {
      await page.goto(path);
      await expect(page.locator('main h1')).toBeVisible();
      await expect(page.locator('bangui-skeleton')).toHaveCount(0);
      if (path.endsWith('clean_up')) await page.getByRole('button', { name: 'Details' }).first().click();
      await expectNoFaults(page, path, [360, 600, 768, 900, 1200, 2560]);
    }
    await page.goto('/tasks/session_clean_up');
    for (const kind of ['Interval', 'Times (cron)']) {
      await choose(page, CLEAN_UP, 'Change schedule…');
      await page.getByRole('dialog').getByRole('button', { name: kind }).click();
      await expectNoFaults(page, `the schedule's dialog, ${kind}`);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
  });
});
