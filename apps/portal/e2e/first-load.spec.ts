import { gzipSync } from 'node:zlib';
import { expect, signIn, test } from './fixtures.ts';

/** What the first page may cost over the network, bytes of compressed script. */
const LIMIT = 250_000;

test('needs at most 250 kB of compressed script for the first page', async ({ page, context }) => {
  await signIn(page);
  const fresh = await context.newPage();
  const scripts: Promise<Buffer>[] = [];
  fresh.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await fresh.goto('/');
  await expect(fresh.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(fresh.getByText('Protected, all 3 jails armed')).toBeVisible();
  const bytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  test.info().annotations.push({ type: 'compressed script', description: `${String(Math.round(bytes / 1000))} kB` });
  console.log(
    `first page: ${String(Math.round(bytes / 1000))} kB of compressed script in ${String(scripts.length)} files`,
  );
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(LIMIT);
});
