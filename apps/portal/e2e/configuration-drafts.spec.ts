import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page } from '@playwright/test';
import BetterSqlite from 'better-sqlite3';
import { expectNoFaults } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

// Every change loads fail2ban anew and reads all jails back, which a busy machine takes its time for.
test.describe.configure({ timeout: 150_000 });

const dialogOf = (page: Page) => page.getByRole('dialog');
const offerOf = (page: Page) => page.locator('bangui-draft-offer');
/** What is typed is kept after a pause, which a slow typist makes in the middle too; resolves when the server has all of it. */
const kept = (page: Page, text: string): Promise<unknown> =>
  page.waitForResponse(
    (answer) =>
      answer.request().method() === 'PUT' &&
      answer.url().endsWith('/configuration/draft') &&
      answer.request().postData()?.includes(text) === true,
  );

test('keeps what is typed in a form over a reload, and forgets it once it is applied', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/ssh');
  const tries = page.locator('#option-maxretry');
  const isKept = kept(page, '"8"');
  await tries.fill('8');
  await isKept;
  await page.reload();
  await expect(offerOf(page)).toContainText('You have a change here that was not applied');
  await expect(tries).not.toHaveValue('8');
  await expectNoFaults(page, 'a draft that is offered', [360]);
  await offerOf(page).getByRole('button', { name: 'Continue' }).click();
  await expect(offerOf(page)).toBeHidden();
  await expect(tries).toHaveValue('8');
  await expect(page.getByText('1 option changed')).toBeVisible();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await dialogOf(page).getByRole('button', { name: 'Apply' }).click();
  await dialogOf(page).getByRole('button', { name: 'Done' }).click();
  expect(await stack.fail2ban.client('get', 'ssh', 'maxretry')).toBe('8');
  await page.reload();
  await expect(tries).toHaveValue('8');
  await expect(offerOf(page)).toBeHidden();
});

test('keeps the text of a filter, and throws it away when told to', async ({ page, stack }) => {
  await signIn(page, '/configuration/filters/test/change');
  const editor = page.getByRole('textbox', { name: /^Text of/ });
  await editor.click();
  await page.keyboard.press('Control+End');
  const isKept = kept(page, '# to be thought over');
  await page.keyboard.type('# to be thought over');
  await isKept;
  await page.reload();
  await offerOf(page).getByRole('button', { name: 'Continue' }).click();
  await expect(editor).toContainText('# to be thought over');
  await page.reload();
  await offerOf(page).getByRole('button', { name: 'Discard it' }).click();
  await expect(offerOf(page)).toBeHidden();
  await expect(editor).not.toContainText('# to be thought over');
  await page.reload();
  await expect(editor).toBeVisible();
  await expect(offerOf(page)).toBeHidden();
  const file = join(stack.fail2ban.configDir, 'filter.d/test.local');
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});

test('says that somebody else is changing the configuration', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/ssh');
  await page.locator('#option-maxretry').fill('8');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const apply = dialogOf(page).getByRole('button', { name: 'Apply' });
  await expect(apply).toBeEnabled();
  // A BanGUI on another machine has begun a change; it counts as alive for 20 s.
  await stack.killApi();
  const database = new BetterSqlite(stack.databasePath);
  database
    .prepare(
      `INSERT INTO config_transaction
         (server, id, state, holder, started_at, renewed_at, kind, actor, comment, restored, files, problem)
         VALUES ('local', 'a', 'checking', ?, ?, ?, 'change', 'somebody', '', NULL, '[]', NULL)`,
    )
    .run(
      JSON.stringify({
        instanceId: 'b',
        host: 'elsewhere',
        pid: 1,
        processStart: '1',
        bootId: 'another',
        pidNamespace: null,
      }),
      Date.now(),
      Date.now(),
    );
  database.close();
  await stack.startApi();
  const told = dialogOf(page).getByText('Somebody else is changing the configuration at this moment.');
  await expect(async () => {
    // Until it has seen fail2ban it says that instead.
    await apply.click();
    await expect(told).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 18_000 });
  const file = join(stack.fail2ban.configDir, 'jail.d/zz-bangui-jail-ssh.local');
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});

test('says why a change was undone, and that not every jail could be read back', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/web');
  const dialog = dialogOf(page);
  const undone = dialog.getByText('The change was made and undone again');
  const done = dialog.getByRole('button', { name: 'Done' });
  const onDisk = (): Promise<string | null> =>
    readFile(join(stack.fail2ban.configDir, 'jail.d/zz-bangui-jail-web.local'), 'utf8').catch(() => null);
  let before: string | null;
  for (let tries = 1; ; tries += 1) {
    before = await onDisk();
    await page.locator('#option-maxretry').fill(String(6 + tries));
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    // From then on fail2ban is told.
    await expect.poll(onDisk, { intervals: [5] }).not.toBe(before);
    await stack.fail2ban.kill();
    await expect(undone.or(done)).toBeVisible({ timeout: 60_000 });
    if (await undone.isVisible()) break;
    // It takes a third of a second: on a busy machine it may be over before the kill.
    expect(tries).toBeLessThan(5);
    await done.click();
    await stack.fail2ban.restart();
    await expect(page.getByText('fail2ban is offline')).toBeHidden();
  }
  await expect(dialog.getByText('not every jail could be read back as before')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeHidden();
  await stack.fail2ban.restart();
  await expect.poll(onDisk, { timeout: 60_000 }).toBe(before);
});

test('offers a jail in the regex lab with its filter and a log', async ({ page, stack }) => {
  await stack.fail2ban.log('web', 'FAIL from 203.0.113.9');
  await signIn(page, '/jails/web?tab=source');
  await page.getByRole('link', { name: 'Try the filter on it' }).first().click();
  await expect(page).toHaveURL(/\/regex-lab\?filter=test&log=/);
  await expect(page.getByText('203.0.113.9').first()).toBeVisible();
});
