import { type Page } from '@playwright/test';
import BetterSqlite from 'better-sqlite3';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN } from './bangui.ts';
import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, hold, keepsOnce, signIn, test } from './fixtures.ts';

// Every change loads fail2ban anew and reads all jails back, which a busy machine takes its time for.
test.describe.configure({ timeout: 150_000 });

const dialogOf = (page: Page) => page.getByRole('dialog');

/** Sees the difference, applies, and closes what came of it. */
async function applyReviewed(page: Page): Promise<void> {
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByText('Read back from fail2ban: every jail is what its configuration means.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
}

test('changes a bantime, shows the difference before, sees it in fail2ban, and takes it back', async ({
  page,
  stack,
}) => {
  await signIn(page, '/jails/ssh');
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(page).toHaveURL(/\/configuration\/jails\/ssh$/);
  const bantime = page.getByLabel('Ban for');
  await expect(bantime).toHaveValue('3600');
  await page.getByRole('button', { name: /^Where bantime comes from:\s*local\s*jail\.local:/ }).click();
  const chain = page.locator('#option-bantime-origin');
  await expect(chain.getByRole('listitem')).toHaveText([
    /jail\.local:\d+ \[ssh\].*in force.*3600/s,
    /jail\.conf.*600/s,
  ]);
  await page.keyboard.press('Escape');
  await expect(chain).toBeHidden();

  await bantime.fill('2 moons');
  await expect(page.getByText('No duration: write seconds, or like 10m, 1h 30m.')).toBeVisible();
  await bantime.fill('2h 30m');
  await expect(page.getByText('No duration')).toBeHidden();
  await expect(page.getByText('1 option changed')).toBeVisible();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = dialogOf(page);
  const difference = dialog.getByRole('region', { name: 'jail.d/zz-bangui-jail-ssh.local' });
  await expect(difference.getByRole('insertion').filter({ hasText: 'bantime = 2h 30m' })).toBeVisible();
  await expect(difference.getByText('new file')).toBeVisible();
  expect(await stack.fail2ban.client('get', 'ssh', 'bantime')).toBe('3600');
  await dialog.getByLabel('Why (optional)').fill('Too many come back');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByRole('listitem')).toHaveText(/ssh\s*armed, as configured/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await hold(page, 'Saved as version 1.');
  expect(await stack.fail2ban.client('get', 'ssh', 'bantime')).toBe('9000');
  await expect(bantime).toHaveValue('2h 30m');
  await expect(page.getByText('1 option changed')).toBeHidden();
  await expect(
    page.getByRole('button', { name: /^Where bantime comes from:\s*BanGUI\s*jail\.d\/zz-bangui/ }),
  ).toBeVisible();

  await page.getByText('Saved as version 1.').locator('..').getByRole('button', { name: 'Undo' }).click();
  await expect(dialog.getByRole('deletion').filter({ hasText: 'bantime = 2h 30m' })).toBeVisible();
  await applyReviewed(page);
  expect(await stack.fail2ban.client('get', 'ssh', 'bantime')).toBe('3600');
  await expect(bantime).toHaveValue('3600');
});

test('uses again what others say, and asks before what is typed is lost', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/DEFAULT');
  await page.locator('#option-maxretry').fill('9');
  await page.getByRole('link', { name: 'Versions' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('heading', { name: 'Leave without saving?' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('#option-maxretry')).toHaveValue('9');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await applyReviewed(page);
  expect(await stack.fail2ban.client('get', 'manual', 'maxretry')).toBe('9');
  const tries = page.locator('bangui-option-field', { has: page.locator('#option-maxretry') });
  await tries.getByRole('button', { name: /Use what others say|Do not set it/ }).click();
  await expect(tries.getByText('not saved: other files decide again')).toBeVisible();
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await applyReviewed(page);
  expect(await stack.fail2ban.client('get', 'manual', 'maxretry')).not.toBe('9');
});

test('refuses a regex that is none, in words, and writes nothing', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/web');
  await page.getByLabel('Further failures').fill('^\\s*FAIL (from <ADDR>');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = dialogOf(page);
  const alert = dialog.getByRole('alert').filter({ hasText: 'fail2ban would not take this.' });
  await expect(alert).toContainText('failregex');
  await expect(alert).toContainText('Nothing was written, every jail goes on as it is.');
  await expect(dialog.getByRole('button', { name: 'Apply' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Further failures')).toHaveValue('^\\s*FAIL (from <ADDR>');
  const file = join(stack.fail2ban.configDir, 'jail.d/zz-bangui-jail-web.local');
  await expect(readFile(file)).rejects.toThrow('ENOENT');
  expect(await stack.fail2ban.client('get', 'web', 'failregex')).toContain('FAIL from');
});

test('tells the second of two, who keeps the typed text and loads anew', async ({ browser, page, stack }) => {
  await signIn(page, '/configuration/jails/ssh');
  await page.locator('#option-maxretry').fill('8');
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('insertion').filter({ hasText: 'maxretry = 8' })).toBeVisible();

  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(other, `${stack.url}/configuration/jails/ssh`);
  await other.locator('#option-maxretry').fill('7');
  await other.getByRole('button', { name: 'Review and apply…' }).click();
  await applyReviewed(other);
  await context.close();

  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByText('Somebody else changed this meanwhile.')).toBeVisible();
  await expect(dialog.getByLabel('What you wanted')).toHaveValue(/maxretry = 8/);
  expect(await stack.fail2ban.client('get', 'ssh', 'maxretry')).toBe('7');
  await dialog.getByRole('button', { name: 'Load anew' }).click();
  await expect(page.locator('#option-maxretry')).toHaveValue('7');
  await expect(page.getByText('option changed')).toBeHidden();
});

test('disables and enables a jail, with the password where root runs more', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails');
  await page.getByRole('button', { name: 'Disable web' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByText('No longer run, and their bans end: web')).toBeVisible();
  await applyReviewed(page);
  expect(await stack.fail2ban.client('status')).not.toContain('web');
  await page.getByRole('button', { name: 'Enabled only' }).click();
  await expect(page).toHaveURL(/show=enabled/);
  await expect(page.getByRole('link', { name: 'web' })).toBeHidden();
  await page.getByRole('button', { name: 'All', exact: true }).click();

  await page.getByRole('button', { name: 'Enable web' }).click();
  await expect(dialog.getByText('This changes commands that fail2ban runs as root')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await dialog.getByLabel('Your password').fill('not the password at all');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByText('This is not your password. Nothing was changed.')).toBeVisible();
  await dialog.getByLabel('Your password').fill(ADMIN.password);
  await applyReviewed(page);
  expect(await stack.fail2ban.client('status')).toContain('web');
  await expect(page.getByRole('row', { name: /^web/ })).toContainText('Armed');
});

test('adds a jail and removes it', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails');
  await page.getByRole('button', { name: 'Add jail' }).click();
  const dialog = dialogOf(page);
  await dialog.getByLabel('Name').fill('../x');
  await expect(dialog.getByText('No jail can have this name.')).toBeVisible();
  await dialog.getByLabel('Name').fill('web');
  await expect(dialog.getByText('There is a jail of this name already.')).toBeVisible();
  await dialog.getByLabel('Name').fill('app');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'app' })).toBeVisible();
  await page.getByLabel('Filter', { exact: true }).or(page.locator('#option-filter')).first().fill('test');
  await page.locator('#option-logpath').fill(join(stack.fail2ban.logDir, 'web.log'));
  await page.getByRole('button', { name: 'Review and apply…' }).click();
  await expect(dialog.getByText('Will run from now on: app')).toBeVisible();
  const password = dialog.getByLabel('Your password');
  if (await password.isVisible()) await password.fill(ADMIN.password);
  await applyReviewed(page);
  await expect(page).toHaveURL(/\/configuration\/jails\/app$/);
  expect(await stack.fail2ban.client('status')).toContain('app');
  await page.getByRole('button', { name: 'Remove…' }).click();
  await expect(dialog.getByText('No longer run, and their bans end: app')).toBeVisible();
  await applyReviewed(page);
  await expect(page).toHaveURL(/\/configuration\/jails$/);
  expect(await stack.fail2ban.client('status')).not.toContain('app');
});

test('goes back to a version, which is a new one', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails/ssh');
  for (const tries of ['6', '12']) {
    await page.locator('#option-maxretry').fill(tries);
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    await dialogOf(page).getByLabel('Why (optional)').fill(`Now ${tries}`);
    await applyReviewed(page);
  }
  await page.getByRole('link', { name: 'Versions' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await page.getByRole('link', { name: 'Version 1', exact: true }).click();
  await expect(page.getByText('Now 6')).toBeVisible();
  await page.getByRole('button', { name: 'Go back to this version…' }).click();
  const dialog = dialogOf(page);
  await expect(dialog.getByRole('deletion').filter({ hasText: 'maxretry = 12' })).toBeVisible();
  await expect(dialog.getByRole('insertion').filter({ hasText: 'maxretry = 6' })).toBeVisible();
  await applyReviewed(page);
  expect(await stack.fail2ban.client('get', 'ssh', 'maxretry')).toBe('6');
  await page.getByRole('link', { name: 'Versions' }).first().click();
  await expect(page.getByRole('row').nth(1)).toContainText('Back to version 1');
});

test("hands a person's file over and changes nothing in it", async ({ page, stack }) => {
  const path = join(stack.fail2ban.configDir, 'jail.local');
  const before = await readFile(path, 'utf8');
  await signIn(page, '/configuration/jails/web');
  const files = page.getByRole('region', { name: 'Files that say something about it' });
  await files.getByRole('button', { name: 'Hand over to BanGUI…' }).click();
  await dialogOf(page).getByRole('button', { name: 'Hand over' }).click();
  await expect(page.getByText("jail.local is BanGUI's now. A copy was kept.")).toBeVisible();
  await expect(files.getByText('handed over to BanGUI')).toBeVisible();
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('says that an interrupted change waits for somebody, and undoes it when told to', async ({ page, stack }) => {
  await signIn(page, '/configuration/jails');
  await stack.killApi();
  // As a process that was killed leaves it, with a file that somebody else has written into since.
  const path = 'jail.d/zz-bangui-jail-ssh.local';
  const before = '[ssh]\nmaxretry = 6\n';
  const file = join(stack.fail2ban.configDir, path);
  await writeFile(file, '[ssh]\nmaxretry = 99\n');
  const database = new BetterSqlite(stack.databasePath);
  database
    .prepare(
      `INSERT INTO config_transaction
         (server, id, state, holder, started_at, renewed_at, kind, actor, comment, restored, files, problem)
         VALUES ('local', 'a', 'writing', ?, ?, ?, 'change', 'somebody', '<i>Stricter</i>', NULL, ?, NULL)`,
    )
    .run(
      JSON.stringify({
        instanceId: 'b',
        host: 'gone',
        pid: 1,
        processStart: '1',
        bootId: 'another',
        pidNamespace: null,
      }),
      Date.now(),
      Date.now(),
      JSON.stringify([{ path, before, after: '[ssh]\nmaxretry = 7\n' }]),
    );
  database.close();
  await stack.startApi();
  await page.goto('/');
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await expect(attention.getByText('It could not be undone. Decide what is to become of it.')).toBeVisible({
    timeout: 45_000,
  });
  await attention.getByRole('link', { name: 'A change of the configuration was interrupted' }).click();
  const banner = page.locator('bangui-change-banner');
  await expect(banner.getByText('Until that is decided, nothing else can be changed.')).toBeVisible();
  await expect(banner.getByText('<i>Stricter</i>')).toBeVisible();
  await expect(banner.getByText(path).first()).toBeVisible();
  await expectNoFaults(page, 'a change that is stuck', [360]);
  expect(await readFile(file, 'utf8')).toContain('99');
  await banner.getByRole('button', { name: 'Undo…' }).click();
  await dialogOf(page).getByRole('button', { name: 'Undo the change' }).click();
  await expect(page.getByText('The change was undone.')).toBeVisible();
  await expect(banner.getByRole('alert')).toBeHidden();
  expect(await readFile(file, 'utf8')).toBe(before);
  expect(await stack.fail2ban.client('get', 'ssh', 'maxretry')).toBe('6');
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });

  test('says all of it in German', async ({ page, stack }) => {
    await signIn(page, '/configuration/jails/ssh');
    await expect(page.getByRole('heading', { name: 'Konfiguration' })).toBeVisible();
    await page.locator('#option-bantime').fill('2h');
    await page.getByRole('button', { name: 'Prüfen und anwenden…' }).click();
    const dialog = dialogOf(page);
    await expect(dialog.getByText('neue Datei')).toBeVisible();
    await dialog.getByRole('button', { name: 'Anwenden' }).click();
    await expect(
      dialog.getByText('Von fail2ban zurückgelesen: Jedes Jail ist, was seine Konfiguration meint.'),
    ).toBeVisible();
    await dialog.getByRole('button', { name: 'Fertig' }).click();
    expect(await stack.fail2ban.client('get', 'ssh', 'bantime')).toBe('7200');
  });
});

test.describe('with hostile values', () => {
  test.use({
    stackOptions: {
      fail2ban: {
        files: {
          'jail.d/hostile.local':
            '[web]\nmyoption = <img src=x onerror=alert(1)>\u202egpj.exe\nport = "><script>alert(2)</script>\n',
        },
      },
    },
  });

  test('shows them as text, and can change them', async ({ page, stack }) => {
    await signIn(page, '/configuration/jails/web');
    await expect(page.locator('#option-port')).toHaveValue('"><script>alert(2)</script>');
    await page.getByRole('button', { name: /^Where myoption comes from/ }).click();
    const chain = page.locator('#option-myoption-origin');
    await expect(chain.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
    await expect(chain.locator('.ctl', { hasText: 'U+202E' })).toBeVisible();
    await page.keyboard.press('Escape');
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.locator('#option-maxretry').fill('8');
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    await dialogOf(page).getByLabel('Why (optional)').fill('<b>bold</b>');
    await applyReviewed(page);
    await page.goto('/configuration/versions/1');
    await expect(page.getByText('<b>bold</b>')).toBeVisible();
    expect(await stack.fail2ban.client('get', 'web', 'maxretry')).toBe('8');
  });
});

test.describe('with 500 jails', () => {
  const many = Array.from({ length: 500 }, (_, index) => `[jail-${String(index)}]\nfilter = test\n`).join('\n');
  test.use({ stackOptions: { fail2ban: { files: { 'jail.d/many.local': many } } } });

  test('lists and filters them without delay', async ({ page }) => {
    await signIn(page, '/configuration/jails');
    await expect(page.getByText('3 of 503 enabled')).toBeVisible();
    await expect(page.getByRole('row')).toHaveCount(504);
    await keepsOnce(async () => {
      const took = await page.evaluate(async () => {
        const field = document.querySelector<HTMLInputElement>('[data-filter]');
        if (!field) throw new Error('no filter');
        const type = async (text: string, rows: number): Promise<void> => {
          field.value = text;
          field.dispatchEvent(new Event('input'));
          await new Promise<void>((done) => {
            const look = (): void => {
              if (document.querySelectorAll('tbody tr').length === rows) done();
              else requestAnimationFrame(look);
            };
            look();
          });
        };
        await type('', 503);
        const startedAt = performance.now();
        await type('jail-499', 1);
        return performance.now() - startedAt;
      });
      expect(took).toBeLessThan(1000);
    });
    await expect(page).toHaveURL(/q=jail-499/);
    await page.reload();
    await expect(page.getByRole('row')).toHaveCount(2);
  });
});

test.describe('for everybody', () => {
  test.use(narrowScreen);

  test('axe finds nothing on the pages and in the dialog in either theme', async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page, '/configuration/jails');
    await expectNoFaults(page, 'the jails', [360]);
    await page.goto('/configuration/versions');
    await expect(page.getByText('Nothing was changed here yet')).toBeVisible();
    await expectNoFaults(page, 'no versions');
    await page.goto('/configuration/jails/ssh');
    await expect(page.locator('#option-bantime')).toBeVisible();
    await expectNoFaults(page, 'a jail', [360]);
    await page.locator('#option-bantime').fill('2h');
    await page.locator('#option-action').fill('echo-log[name=other]');
    await expectNoFaults(page, 'a changed jail');
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    const dialog = dialogOf(page);
    await expect(dialog.getByLabel('Your password')).toBeVisible();
    await expectNoFaults(page, 'the difference', [360]);
    await dialog.getByLabel('Your password').fill(ADMIN.password);
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect(dialog.getByRole('button', { name: 'Done' })).toBeVisible();
    await expectNoFaults(page, 'the outcome');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.locator('#option-maxretry').fill('abc');
    await page.getByRole('button', { name: 'Review and apply…' }).click();
    await expect(dialog.getByText('fail2ban would not take this.')).toBeVisible();
    await expectNoFaults(page, 'the problems');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Discard' }).click();
    for (const path of ['/configuration/versions', '/configuration/versions/1', '/configuration/jails/DEFAULT']) {
      await page.goto(path);
      await expect(page.locator('main h2').first()).toBeAttached();
      await expect(page.locator('bangui-skeleton')).toHaveCount(0);
      await expectNoFaults(page, path);
    }
  });
});
