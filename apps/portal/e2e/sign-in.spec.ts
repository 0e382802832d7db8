import { ADMIN } from './bangui.ts';
import { expect, signIn, test, testReading } from './fixtures.ts';

test('asks for the password, says when it is wrong, and returns to the page that was wanted', async ({ page }) => {
  await page.goto('/jails?q=web');
  await expect(page).toHaveURL(/\/sign-in\?returnTo=/);
  await page.getByLabel('User').fill(ADMIN.username);
  await page.locator('#password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('That did not match');
  await page.locator('#password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/jails\?q=web$/);
  await expect(page.getByRole('link', { name: 'web' })).toBeVisible();
});

testReading('shows nothing of the server before the sign-in', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const text = await page.locator('body').innerText();
  expect(text).not.toMatch(/web|manual|127\.0\.0\.1|fail2ban \d/);
});

test('counts the seconds down after too many attempts', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('User').fill(ADMIN.username);
  const password = page.locator('#password');
  for (let attempt = 0, isRefused = false; attempt < 20 && !isRefused; attempt += 1) {
    await password.fill(`wrong ${String(attempt)}`);
    const answered = page.waitForResponse('**/auth/login');
    await page.getByRole('button', { name: 'Sign in' }).click();
    isRefused = (await answered).status() === 429;
    // The page has taken the answer: what is typed from now on stays.
    await expect(password).toHaveValue('');
  }
  await expect(page.getByText('Too many attempts.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled();
});

test('opens sign-in when the session is ended from elsewhere, and comes back afterwards', async ({
  page,
  browser,
  stack,
}) => {
  await signIn(page, '/bans?jail=web');
  const other = await browser.newPage({ baseURL: stack.url });
  await signIn(other, '/administration/account');
  await other.getByRole('button', { name: 'End session' }).click();
  await expect(page).toHaveURL(/\/sign-in\?returnTo=%2Fbans%3Fjail%3Dweb/);
  await expect(page.getByText('Your session has ended.')).toBeVisible();
  await page.locator('#username').fill(ADMIN.username);
  await page.locator('#password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/bans\?jail=web$/);
  await other.close();
});

testReading('signs out', async ({ page }) => {
  await signIn(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto('/jails');
  await expect(page).toHaveURL(/\/sign-in/);
});
