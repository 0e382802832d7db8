import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expectNoFaults, narrowScreen } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

test.use({ stackOptions: { env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } } });

/** A publisher of one list on this machine. */
async function publish(list: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((_, response) => response.end(list));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}/list.txt`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
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

test.describe('on every screen', () => {
  test.use(narrowScreen);

  test('axe finds nothing on the pages of blocklists in either theme, and none is too wide', async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page, '/blocklists');
    for (const path of ['/blocklists', '/blocklists/runs', '/blocklists/overlap', '/enforcement']) {
      await page.goto(path);
      await expect(page.locator('main h1').first()).toBeVisible();
      await expect(page.locator('bangui-skeleton')).toHaveCount(0);
      if (path === '/enforcement') {
        await expect(page.getByText('No enforcer has reported yet')).toBeVisible();
        await expect(page.getByText(/^BANGUI_API_URL=http:\/\/127\.0\.0\.1:\d+ /)).toBeVisible();
      }
      await expectNoFaults(page, path);
    }
  });
});
