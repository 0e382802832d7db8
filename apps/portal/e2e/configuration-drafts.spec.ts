import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Page } from '@playwright/test';
import { expectNoFaults } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

// Every change loads fail2ban anew and reads all jails back, which a busy machine takes its time for.
test.describe.configure({ timeout: 150_000 });

const dialogOf = (page: Page) => page.getByRole('dialog');
const offerOf = (page: Page) => page.locator('bangui-draft-offer');
/** What is typed is kept after a pause; resolves when the server has it. */
const kept = (page: Page): Promise<unknown> =>
  page.waitForResponse(
    (answer) => answer.request().method() === 'PUT' && answer.url().endsWith('/configuration/draft'),
  );

test('keeps what is typed in a form over a reload, and forgets it once it is applied', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/ssh');
  const tries = page.locator('#option-maxretry');
  const isKept = kept(page);
  await tries.fill('8');
  await isKept;
  await page.reload();
  await expect(offerOf(page)).toContainText('You have a change here that was not applied');
  await expect(tries).not.toHaveValue('8');
  await expectNoFaults(page);
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
  const isKept = kept(page);
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

test('says that somebody else is changing the configuration, and why a change was undone', async ({
  browser,
  page,
  stack,
}) => {
  await signIn(page, '/configuration/jails/ssh');
  await page.locator('#option-maxretry').fill('8');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeEnabled();
  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(other, `${stack.url}/configuration/jails/web`);
  await other.locator('#option-maxretry').fill('7');
  await other.getByRole('button', { name: 'Review and apply…' }).click();
  await expect(dialogOf(other).getByRole('button', { name: 'Apply' })).toBeEnabled();

  // It answers nothing, so that the change is stuck in its loading, longer than the request waits.
  stack.fail2ban.suspend();
  await dialogOf(other).getByRole('button', { name: 'Apply' }).click();
  await expect(dialogOf(other).getByText('The files are written, fail2ban loads every jail')).toBeVisible();
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByText('Somebody else is changing the configuration at this moment.')).toBeVisible();
  await stack.fail2ban.kill();
  await expect(dialogOf(other).getByText('The change was made and undone again')).toBeVisible();
  await expect(dialogOf(other).getByText('not every jail could be read back as before')).toBeVisible();
  await expect(dialogOf(other).getByRole('button', { name: 'Apply' })).toBeHidden();
  await context.close();
  await stack.fail2ban.restart();
  await expect
    .poll(() => readFile(join(stack.fail2ban.configDir, 'jail.d/zz-bangui-jail-web.local'), 'utf8').catch(() => null))
    .toBeNull();
});

test('offers a jail in the regex lab with its filter and a log', async ({ page, stack }) => {
  await stack.fail2ban.log('web', 'FAIL from 203.0.113.9');
  await signIn(page, '/jails/web?tab=source');
  await page.getByRole('link', { name: 'Try the filter on it' }).first().click();
  await expect(page).toHaveURL(/\/regex-lab\?filter=test&log=/);
  await expect(page.getByText('203.0.113.9').first()).toBeVisible();
});
