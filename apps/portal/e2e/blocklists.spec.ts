import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test, testReading } from './fixtures.ts';

test.use({ stackOptions: { env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } } });

/** A publisher of one list on this machine; `list` may be changed. */
async function publish(list: string): Promise<AsyncDisposable & { readonly url: string; list: string }> {
  const server: Server = createServer((_, response) => response.end(publisher.list));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const publisher = {
    url: `http://127.0.0.1:${String(port)}/list.txt`,
    list,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return publisher;
}

test('adds a list after a preview, imports it, shows the import with its log, switches it off and deletes it', async ({
  page,
}) => {
  await using publisher = await publish('45.10.20.1\n45.10.20.2\nnonsense\n10.0.0.1\n45.10.21.0/24\n');
  await signIn(page, '/blocklists');
  await expect(page.getByText('No blocklist yet')).toBeVisible();
  await page.getByRole('button', { name: 'Add blocklist' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Source', { exact: true })).toHaveValue('url-list');
  await expect(dialog.getByRole('button', { name: 'Preview' })).toBeDisabled();
  await dialog.getByLabel('Address', { exact: true }).fill(publisher.url);
  await dialog.getByLabel('Name', { exact: true }).fill('Ours <b>bold</b>');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  const seen = dialog.getByRole('status');
  await expect(seen).toContainText('What an import would make of it');
  await expect(seen).toContainText('Invalid−1');
  await expect(seen).toContainText('45.10.21.0/24');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();

  const row = page.getByRole('row', { name: /Ours <b>bold<\/b>/ });
  await expect(row).toContainText('healthy');
  await row.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByText(/^Ours <b>bold<\/b>: /)).toBeVisible();

  await page.getByRole('link', { name: 'Imports', exact: true }).first().click();
  await expect(page.getByRole('cell', { name: 'imported', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Log', exact: true }).last().click();
  await expect(page.getByRole('list', { name: 'Log of the import' }).getByRole('listitem').first()).toBeVisible();

  await page.goto('/address/45.10.21.7');
  const lists = page.getByRole('region', { name: 'On blocklists' });
  await expect(lists.getByRole('link', { name: 'Ours <b>bold</b>' })).toBeVisible();
  await expect(lists.getByText('to be blocked')).toBeVisible();
  await page.goto('/address/45.10.22.1');
  await expect(lists.getByText('No list holds it.')).toBeVisible();

  await page.goto('/blocklists');
  await row.getByRole('switch').click();
  await expect(row).toContainText('off');
  await row.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No blocklist yet')).toBeVisible();
});

test('holds back a list that shrank to nothing, throws that away, and lets the next one count', async ({ page }) => {
  // No two of them side by side, which would be one range.
  const entries = Array.from({ length: 2000 }, (_, at) => `45.10.${String(at >> 7)}.${String((at & 127) * 2)}\n`);
  await using publisher = await publish(entries.join(''));
  await signIn(page, '/blocklists');
  await page.getByRole('button', { name: 'Add blocklist' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address', { exact: true }).fill(publisher.url);
  await dialog.getByLabel('Name', { exact: true }).fill('Shrinking');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByRole('row', { name: /Shrinking/ });
  const runNow = async (): Promise<void> => {
    await row.getByRole('button', { name: 'Run now' }).click();
  };
  const isOn = async (address: string): Promise<void> => {
    await page.goto(`/address/${address}`);
    const lists = page.getByRole('region', { name: 'On blocklists' });
    await expect(lists.getByRole('link', { name: 'Shrinking' })).toBeVisible();
    await page.goto('/blocklists');
  };
  await runNow();
  await expect(row).toContainText('2,000');
  await isOn('45.10.1.2');

  publisher.list = '45.10.99.1\n';
  await runNow();
  const held = page.getByRole('region', { name: 'Shrinking' });
  await expect(held).toContainText('held back since');
  await isOn('45.10.1.2');
  await held.getByRole('button', { name: 'Throw away' }).click();
  await expect(page.getByText('was thrown away. The list before it goes on.')).toBeVisible();
  await expect(held).toBeHidden();
  await isOn('45.10.1.2');

  // What was thrown away is not asked about again; what comes next is.
  publisher.list = '45.10.99.3\n';
  await runNow();
  await held.getByRole('button', { name: 'Let it count' }).click();
  await expect(page.getByText('What was held back of “Shrinking” counts now.')).toBeVisible();
  await expect(held).toBeHidden();
  await isOn('45.10.99.3');
});

test.describe('with a plugin that somebody has put there by hand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bangui-plugins-'));
  test.use({ stackOptions: { env: { BANGUI_PLUGINS_DIR: folder } } });
  test.afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows which sources there are, why one is refused, and that it is gone when it was taken away', async ({
    page,
  }) => {
    const added = join(folder, 'surprise');
    mkdirSync(added);
    writeFileSync(
      join(added, 'package.json'),
      JSON.stringify({ name: '<img src=x onerror=alert(1)>', bangui: { plugin: 'surprise' } }),
    );
    await signIn(page, '/blocklists');
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    await expect(page.getByRole('row', { name: /^Spamhaus DROP/ })).toContainText('available');
    await expect(page.getByRole('row', { name: /^Spamhaus DROP/ })).toContainText('comes with BanGUI');
    await page.getByRole('button', { name: 'Look again' }).click();
    const refused = page.getByRole('row', { name: /surprise/ });
    await expect(refused).toContainText('refused');
    await expect(refused).toContainText('added here');
    await expectNoFaults(page, '/blocklists/plugins');
    rmSync(added, { recursive: true });
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect(refused).toHaveCount(0);
  });
});

testReading.describe('on every screen', () => {
  testReading.use(narrowScreen);

  testReading(
    'axe finds nothing on the pages of blocklists in either theme, and none is too wide',
    async ({ page }) => {
      test.setTimeout(240_000);
      await signIn(page, '/blocklists');
      for (const path of [
        '/blocklists',
        '/blocklists/runs',
        '/blocklists/overlap',
        '/blocklists/plugins',
        '/enforcement',
      ]) {
        await page.goto(path);
        await expect(page.locator('main h1').first()).toBeVisible();
        await expect(page.locator('bangui-skeleton')).toHaveCount(0);
        if (path === '/enforcement') {
          await expect(page.getByText('No enforcer has reported yet')).toBeVisible();
          await expect(page.getByText(/^BANGUI_API_URL=http:\/\/127\.0\.0\.1:\d+ /)).toBeVisible();
        }
        await expectNoFaults(page, path);
      }
    },
  );
});
