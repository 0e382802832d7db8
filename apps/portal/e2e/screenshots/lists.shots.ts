import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type APIRequestContext } from '@playwright/test';
import { expect, signIn, test } from '../fixtures.ts';

const OUT = resolve(import.meta.dirname, '../../../../var/screenshots/lists');
const folder = await mkdtemp(join(tmpdir(), 'bangui-lists-'));
const api = '/api/v1';
const headers = { 'X-BanGUI-Request': '1' };

const hosts = (network: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${network}.${String(index >> 7)}.${String((index & 127) * 2)}`).join(
    '\n',
  );

test.use({ stackOptions: { env: { BANGUI_SOURCES_FILE_DIR: folder } } });
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lists that are well, held, failing, off, and with a hostile name; an enforcer on trial and one that failed. */
async function prepare(request: APIRequestContext): Promise<void> {
  const post = async (path: string, data: object, more = {}): Promise<unknown> => {
    const answer = await request.post(`${api}${path}`, { data, headers: { ...headers, ...more } });
    expect([path, answer.ok() ? '' : await answer.text()]).toEqual([path, '']);
    return answer.status() === 204 ? undefined : await answer.json();
  };
  const add = async (name: string, file: string, text: string): Promise<string> => {
    if (text !== '') await writeFile(join(folder, file), text);
    const made = (await post('/blocklists', { plugin: 'file', name, config: { path: file } })) as { id: string };
    await expect
      .poll(async () => {
        const list = (await (await request.get(`${api}/blocklists/${made.id}`)).json()) as {
          isRunning: boolean;
          lastRun: unknown;
        };
        return !list.isRunning && list.lastRun !== null;
      })
      .toBe(true);
    return made.id;
  };
  await add('Scanners of the week', 'scanners.txt', hosts('45.11', 20_000));
  await add('Mail abuse', 'mail.txt', `${hosts('45.11', 4_000)}\n${hosts('46.2', 3_000)}\nnonsense\n10.0.0.1\n`);
  await add(`<b>Bold</b> \u202e list of a publisher who likes to write long names, and more`, 'bold.txt', '45.3.2.1\n');
  await add('Gone', 'gone.txt', '');
  const held = await add('Shrunk', 'shrunk.txt', hosts('47.1', 9_000));
  await writeFile(join(folder, 'shrunk.txt'), '47.1.0.0\n');
  await request.post(`${api}/blocklists/${held}/run`, { headers });
  await expect
    .poll(async () => ((await (await request.get(`${api}/blocklists/${held}`)).json()) as { state: string }).state)
    .toBe('suspicious');
  const { token } = (await post('/tokens', {
    name: 'enforcers',
    scopes: ['enforcement:read', 'enforcement:report'],
  })) as {
    token: string;
  };
  const report = (id: string, name: string, state: object): Promise<unknown> =>
    post(
      '/enforcement/reports',
      { id, name, version: '0.1.0', applied: null, trial: null, repaired: [], problem: null, ...state },
      { Authorization: `Bearer ${token}`, Cookie: '' },
    );
  const now = Date.now();
  await report('6f0d1c3a-58c4-4d3e-8a53-0c8f4b6f7a11', 'web-1', {
    state: 'trial',
    trial: { startedAt: now, endsAt: now + 110_000 },
    repaired: ['sets'],
  });
  await report('6f0d1c3a-58c4-4d3e-8a53-0c8f4b6f7a12', 'mail-2 <i>with</i> a long name of a machine', {
    state: 'failed',
    problem: 'ipset v7.17: Kernel error received: Operation not permitted',
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`lists, ${colorScheme}, ${String(width)} px`, () => {
      test.use({ colorScheme, viewport: { width, height: width > 600 ? 1000 : 844 }, reducedMotion: 'reduce' });

      test('have their pictures taken', async ({ page }) => {
        await signIn(page);
        await prepare(page.request);
        for (const path of [
          '/',
          '/blocklists',
          '/blocklists/runs',
          '/blocklists/plugins',
          '/blocklists/overlap',
          '/enforcement',
        ]) {
          await page.goto(path);
          await expect(page.locator('main h1').first()).toBeVisible();
          await expect(page.locator('bangui-skeleton')).toHaveCount(0);
          await page.evaluate(() => document.fonts.ready);
          const name = path === '/' ? 'overview' : path.slice(1).replaceAll('/', '-');
          await page.screenshot({ path: `${OUT}/${name}-${colorScheme}-${String(width)}.png`, fullPage: true });
        }
        await page.goto('/blocklists');
        await page.getByRole('button', { name: 'Add blocklist' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await page.screenshot({ path: `${OUT}/add-${colorScheme}-${String(width)}.png` });
      });
    });
  }
}
