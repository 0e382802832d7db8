import { postgresMissing, type PostgresServer, startPostgres } from '../../api/test/postgres-server.ts';
import { ADMIN } from './bangui.ts';
import { expect, signIn, test } from './fixtures.ts';

/** The stack's database is a PostgreSQL, which another instance can share; known when it runs. */
const env: Record<string, string> = {};
let server: PostgresServer | undefined;

test.use({ stackOptions: { env } });
test.beforeAll(async () => {
  server = await startPostgres();
  if (!server) throw new Error(postgresMissing);
  env['BANGUI_DATABASE_URL'] = `${server.url}/postgres`;
  env['BANGUI_SECRET_KEY'] = 'a key of tests that is long enough';
});
test.afterAll(() => server?.stop());

test('shows a ban that was made through another instance, live and in the list', async ({
  page,
  stack,
  playwright,
}) => {
  await using other = await stack.another();
  await signIn(page);
  await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
  const list = page.locator('bangui-live-list');
  await expect(list.getByText('Nobody is banned now')).toBeVisible();

  const elsewhere = await playwright.request.newContext({
    baseURL: other.url,
    extraHTTPHeaders: { 'X-BanGUI-Request': '1' },
  });
  const signedIn = await elsewhere.post('/api/v1/auth/login', { data: ADMIN });
  expect(signedIn.status()).toBe(200);
  await expect(async () => {
    const answer = await elsewhere.post('/api/v1/bans', { data: { jail: 'web', addresses: ['203.0.113.7'] } });
    expect(answer.status()).toBe(200);
  }).toPass();
  await expect(list.getByRole('link', { name: '203.0.113.7' })).toBeVisible();
  await page.goto('/bans');
  await expect(page.getByRole('row', { name: /203\.0\.113\.7/ })).toContainText('web');
  await elsewhere.dispose();
});
