import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Locator, type Page } from '@playwright/test';
import { stockConfigDir } from '../../../libs/fail2ban-config/src/testing/programs.ts';
import { expectNoFaults } from './axe.ts';
import { ADMIN, type Stack } from './bangui.ts';
import { expect, hold, keepsOnce, signIn, test, testReading } from './fixtures.ts';

/** Debian's own filters and actions, beside those of the tests. */
function stockFiles(): Record<string, string> {
  const root = stockConfigDir();
  const paths = ['filter.d', 'action.d'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `${folder}/${name}`),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

const LISTS = '/configuration/filters';
const editorOf = (page: Page): Locator => page.getByRole('textbox', { name: /^Text of/ });
const onDisk = (stack: Stack, path: string): Promise<string | null> =>
  readFile(join(stack.fail2ban.configDir, path), 'utf8').catch(() => null);

/** Puts the cursor behind the last sign of the editor and writes there. */
async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
}

async function rewrite(page: Page, text: string): Promise<void> {
  await editorOf(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** Goes through the dialog that shows what will change. */
async function apply(page: Page, password?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (password !== undefined) await dialog.locator('#review-password').fill(password);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
}

// A change is checked several times by fail2ban's own programs, which takes seconds on a busy machine.
test.describe.configure({ timeout: 120_000 });
test.use({ stackOptions: { fail2ban: { files: stockFiles() } } });

test('lists every filter and action of the machine and opens them with the place of each value', async ({ page }) => {
  await signIn(page, LISTS);
  await expect(page.getByRole('button', { name: /^All 9\d$/ })).toBeVisible();
  const row = page.getByRole('row', { name: /^test / });
  await expect(row).toContainText('stock');
  await expect(row.getByRole('link', { name: 'ssh' })).toHaveAttribute('href', '/configuration/jails/ssh');
  await page.getByRole('searchbox').fill('apache-n');
  await expect(page).toHaveURL(/q=apache-n/);
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('searchbox').fill('nothing like that');
  await expect(page.getByText('Nothing matches')).toBeVisible();

  for (const [name, file] of [
    ['sshd', 'filter.d/common.conf'],
    ['postfix', 'filter.d/common.conf'],
    ['dovecot', 'filter.d/common.conf'],
    ['apache-auth', 'filter.d/apache-common.conf'],
    ['recidive', 'filter.d/common.conf'],
    ['nginx-botsearch', 'filter.d/botsearch-common.conf'],
  ] as const) {
    await page.goto(`${LISTS}/${name}`);
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: file, exact: true })).toBeVisible();
    await expect(page.getByRole('textbox', { name: `Text of filter.d/${name}.conf` })).toContainText('# ');
    const failregex = page.getByRole('row', { name: /^failregex / });
    await expect(failregex.getByRole('button', { name: new RegExp(`^filter\\.d/${name}\\.conf:\\d+$`) })).toBeVisible();
    await expect(page.locator('main .danger.fg')).toHaveCount(0);
  }
  for (const name of ['iptables-multiport', 'nftables', 'sendmail-whois', 'cloudflare']) {
    await page.goto(`/configuration/actions/${name}`);
    await expect(page.getByRole('row', { name: /^actionban / })).toContainText(/action\.d\/[\w-]+\.conf:\d+/);
  }
  // The place of a value leads to its line.
  await page.goto(`${LISTS}/sshd`);
  await page
    .getByRole('row', { name: /^_daemon/ })
    .getByText('won over 1')
    .click();
  await page
    .getByRole('row', { name: /^_daemon/ })
    .getByRole('button', { name: /^filter\.d\/common\.conf/ })
    .click();
  await expect(page.getByRole('textbox', { name: 'Text of filter.d/common.conf' })).toContainText('_daemon');
});

test('changes a stock filter in a file beside it; a bad regex is marked while it is typed and cannot be applied', async ({
  page,
  stack,
}) => {
  await signIn(page, `${LISTS}/test`);
  await page.getByRole('link', { name: 'Change' }).click();
  await expect(editorOf(page)).toContainText('[Definition]');
  await expect(page.getByRole('button', { name: 'Review and apply…' })).toBeDisabled();
  await write(page, 'failregex = ^\\s*BAD (from <ADDR>\n');
  await expect(page.getByText('fail2ban would not take this')).toBeVisible();
  await expect(page.locator('.cm-lint-marker-error')).toHaveCount(1);
  await expect(page.locator('.said')).toContainText('Unable to compile regular expression');
  await page.locator('.said').getByRole('button', { name: 'Line 5' }).first().click();
  await expect(page.locator('.cm-activeLine')).toContainText('BAD (from');
  await page.locator('.cm-lint-marker-error').hover();
  await expect(page.locator('.cm-tooltip-lint')).toContainText('Unable to compile');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('fail2ban would not take this');
  await expect(dialog.getByRole('button', { name: 'Apply' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Close' }).click();
  expect(await onDisk(stack, 'filter.d/test.local')).toBeNull();

  await rewrite(page, '[Definition]\nfailregex = %(known/failregex)s\n    ^\\s*BAD from <ADDR>\n');
  await expect(page.getByText('fail2ban would take this.')).toBeVisible();
  await expect(page.locator('.cm-lint-marker-error')).toHaveCount(0);
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await apply(page);
  await hold(page, 'Saved as version 1.');
  await expect(page.locator('bangui-definition-origin')).toHaveText(/stock\s*BanGUI/);
  await expect(page).toHaveURL(/filters\/test$/);
  const regexes = await stack.fail2ban.client('get', 'web', 'failregex');
  expect(regexes).toContain('FAIL from');
  expect(regexes).toContain('BAD from');
  await page.getByRole('button', { name: 'Undo' }).click();
  await apply(page);
  await expect(page.locator('bangui-definition-origin')).toHaveText(/^\s*stock\s*$/);
  expect(await stack.fail2ban.client('get', 'web', 'failregex')).not.toContain('BAD from');
});

test('copies a filter with all its options, checks what no jail uses yet, deletes it and brings it back', async ({
  page,
  stack,
}) => {
  await signIn(page, `${LISTS}/sshd`);
  await page.getByRole('link', { name: 'Copy as…' }).click();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await expect(page.getByText('Give it a name.')).toBeVisible();
  for (const [name, words] of [
    ['../etc/passwd', 'A name has letters'],
    ['sshd', 'There is one of this name already.'],
  ] as const) {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await expect(page.getByText(words)).toBeVisible();
  }
  await page.getByLabel('Name', { exact: true }).fill('my-sshd');
  await expect(page.getByText('fail2ban would take this.')).toBeVisible();
  await write(page, '[Definition]\n');
  await expect(page.locator('.said')).toContainText('The section [Definition] is there twice.');
  await page.keyboard.press('Control+z');
  await expect(page.getByText('fail2ban would take this.')).toBeVisible();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await apply(page);
  await expect(page.getByRole('heading', { name: 'my-sshd' })).toBeVisible();
  const text = await onDisk(stack, 'filter.d/my-sshd.local');
  for (const part of ['[lt_journal]', '_daemon = sshd', 'failregex = %(cmnfailre)s']) expect(text).toContain(part);

  await page.getByRole('button', { name: 'Delete…' }).click();
  await expect(page.getByRole('dialog')).toContainText('filter.d/my-sshd.local');
  await apply(page);
  await expect(page).toHaveURL(/configuration\/filters$/);
  expect(await onDisk(stack, 'filter.d/my-sshd.local')).toBeNull();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await apply(page);
  await expect(page.getByRole('row', { name: /^my-sshd / })).toContainText('BanGUI');
  expect(await onDisk(stack, 'filter.d/my-sshd.local')).toBe(text);
});

test('copies mean the same as the files they come from', async ({ page, stack }) => {
  await signIn(page, LISTS);
  const effective = async (name: string): Promise<Record<string, string | null>> => {
    const answer = await page.request.get(`${stack.url}/api/v1/configuration/filters/${name}`);
    const { definition } = (await answer.json()) as { definition: { name: string; value: string | null }[] };
    return Object.fromEntries(definition.map((option) => [option.name, option.value]));
  };
  for (const name of ['sshd', 'postfix', 'nginx-botsearch']) {
    await page.goto(`${LISTS}/${name}/copy`);
    await page.getByLabel('Name', { exact: true }).fill(`copy-${name}`);
    await expect(page.getByText('fail2ban would take this.')).toBeVisible();
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    await apply(page);
    await expect(page.getByRole('heading', { name: `copy-${name}` })).toBeVisible();
    expect(await effective(`copy-${name}`)).toEqual(await effective(name));
  }
});

test('asks for the password before an action changes, which root runs', async ({ page, stack }) => {
  await signIn(page, '/configuration/actions/echo-log/change');
  await write(page, `actionban = echo "changed <ip>" >> ${stack.fail2ban.logDir}/actions.log\n`);
  await expect(page.getByText('fail2ban would take this.')).toBeVisible();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('runs as root');
  await dialog.locator('#review-password').fill('not my password');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.locator('#review-password-error')).toContainText('This is not your password');
  expect(await onDisk(stack, 'action.d/echo-log.local')).toBeNull();
  await apply(page, ADMIN.password);
  await expect(page.locator('bangui-definition-origin')).toHaveText(/stock\s*BanGUI/);
  expect(await stack.fail2ban.client('get', 'web', 'action', 'echo-log', 'actionban')).toContain('changed');
});

test('suggests while it is typed, and is left with Escape and Tab', async ({ page }) => {
  await signIn(page, `${LISTS}/-/new`);
  await page.getByLabel('Name', { exact: true }).fill('fresh');
  await rewrite(page, '[Definition]\n');
  await page.keyboard.type('failr');
  await page.getByRole('option', { name: 'failregex =' }).click();
  await page.keyboard.type('^a from <AD');
  await page.getByRole('option', { name: '<ADDR>' }).click();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('%(known/fa');
  await expect(page.getByRole('option', { name: '%(known/failregex)s' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(editorOf(page).locator('.cm-line').nth(1)).toHaveText('failregex = ^a from <ADDR>');
  await expect(editorOf(page).locator('.cm-line').nth(2)).toHaveText(/^\s+%\(known\/fa/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editorOf(page)).not.toBeFocused();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('dialog')).toContainText('Leave without saving?');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(editorOf(page)).toContainText('<ADDR>');
});

test("leaves a person's file alone until it is handed over, and shows what stands in it as text", async ({
  page,
  stack,
}) => {
  await stack.fail2ban.writeConfig(
    'filter.d/test.local',
    '# <img src=x onerror=alert(1)> \u202egpj\n[Definition]\nmaxlines = 2\n',
  );
  await signIn(page, `${LISTS}/test`);
  await expect(page.locator('bangui-definition-file').last()).toContainText('local');
  await expect(page.getByRole('link', { name: 'Change' })).toHaveCount(0);
  await expect(editorOf(page)).toContainText('<img src=x onerror=alert(1)>');
  await expect(page.locator('.cm-specialChar')).toHaveCount(1);
  expect(await page.locator('main img:not(.cm-widgetBuffer)').count()).toBe(0);
  await page.getByRole('button', { name: 'Hand over to BanGUI…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click();
  await expect(page.getByText("filter.d/test.local is BanGUI's now")).toBeVisible();
  await page.getByRole('link', { name: 'Change' }).click();
  await expect(editorOf(page)).toContainText('maxlines = 2');
});

test('tells the second of two people that the first was faster, and loses nothing of what was typed', async ({
  page,
  stack,
}) => {
  await signIn(page, `${LISTS}/test/change`);
  await write(page, 'maxlines = 3\n');
  await expect(page.getByText('fail2ban would take this.')).toBeVisible();
  const file = { path: 'filter.d/test.local', text: '[Definition]\nmaxlines = 9\n', etag: null };
  const answer = await page.request.post(`${stack.url}/api/v1/configuration/changes`, {
    data: { files: [file] },
    headers: { 'X-BanGUI-Request': '1', Origin: stack.url },
  });
  expect(answer.ok()).toBe(true);
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Somebody else changed this meanwhile');
  await expect(dialog.locator('#review-typed')).toHaveValue(/maxlines = 3/);
  await dialog.getByRole('button', { name: 'Load anew' }).click();
  await expect(editorOf(page)).toContainText('maxlines = 9');
  expect(await onDisk(stack, 'filter.d/test.local')).toContain('maxlines = 9');
});

test('stays smooth with a file of half a megabyte', async ({ page, stack }) => {
  const lines = Array.from(
    { length: 8_000 },
    (_, at) => `    ^<F-USER>user ${String(at)}</F-USER> from <ADDR> port \\d+ %%$`,
  );
  await stack.fail2ban.writeConfig('filter.d/big.conf', `[Definition]\nfailregex = ^a <ADDR>\n${lines.join('\n')}\n`);
  await signIn(page, `${LISTS}/big/copy`);
  await expect(editorOf(page)).toContainText('failregex');
  await keepsOnce(async () => {
    await editorOf(page).click();
    await page.keyboard.press('Control+End');
    const took = await page.evaluateHandle(() => {
      const times: number[] = [];
      // From the key to the next picture: how long the keys take to come here says nothing about the page.
      const note = ({ timeStamp }: Event): void => {
        requestAnimationFrame(() => times.push(performance.now() - timeStamp));
      };
      document.addEventListener('keydown', note, { capture: true });
      return { times, stop: () => document.removeEventListener('keydown', note, { capture: true }) };
    });
    await page.keyboard.type('maxlines = 12345');
    await expect(editorOf(page).getByText('maxlines = 12345')).toBeVisible();
    const times = await took.evaluate((noted) => {
      noted.stop();
      return noted.times;
    });
    expect(times).toHaveLength(16);
    // Sixteen keys; a tenth of a second each is what a person feels.
    expect(times.reduce((sum, time) => sum + time)).toBeLessThan(1_600);
  });
});

test('is whole for everybody: axe, narrow and wide, light and dark', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, LISTS);
  await expect(page.getByRole('row', { name: /^test / })).toBeVisible();
  await expectNoFaults(page, 'filters', [360]);
  await page.goto(`${LISTS}/sshd`);
  await expect(editorOf(page)).toBeVisible();
  await expectNoFaults(page, 'filter sshd', [360]);
  await page.goto(`${LISTS}/test/change`);
  await write(page, 'failregex = (\n');
  await expect(page.getByText('fail2ban would not take this')).toBeVisible();
  await expectNoFaults(page, 'changing a filter', [360]);
  await page.goto('/configuration/actions/iptables/copy');
  await expect(editorOf(page)).toBeVisible();
  await expectNoFaults(page, 'copying an action');
});

testReading('is German', async ({ page }) => {
  await signIn(page, `${LISTS}/test`);
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await page.getByRole('link', { name: 'Ändern' }).click();
  const editor = page.getByRole('textbox', { name: 'Text von filter.d/test.local' });
  await expect(editor).toBeVisible();
  await editor.click();
  await page.keyboard.press('Control+f');
  await expect(page.getByPlaceholder('Suchen')).toBeVisible();
  await page.goto('/configuration/actions');
  await expect(page.getByRole('link', { name: 'Neue Aktion' })).toBeVisible();
});
