import { chromium, expect } from '@playwright/test';
import { chromiumProgram } from '../lib/chromium.ts';

/** Name and password of the administrator that the tests make. */
export const administrator = { username: 'first', password: 'a sentence is good' };

/** A documentation address (RFC 5737), so that the rule meets nobody. */
export const bannedAddress = '203.0.113.66';

/** Sets BanGUI up in Chromium with the one-time code, and bans {@link bannedAddress} in the jail `sshd`. */
export async function setUpAndBan(url: string, setupCode: string): Promise<void> {
  const executablePath = chromiumProgram();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ locale: 'en-GB', ignoreHTTPSErrors: true });
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    page.setDefaultTimeout(30_000);
    const seen = expect.configure({ timeout: 30_000 });
    await page.goto(url);
    await page.getByLabel('One-time code').fill(setupCode);
    await page.getByLabel('User').fill(administrator.username);
    await page.getByLabel('Password', { exact: true }).fill(administrator.password);
    await page.getByLabel('Password again').fill(administrator.password);
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await seen(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await page.goto(new URL('/bans', url).href);
    await page.getByRole('button', { name: 'Ban address', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Addresses or networks').fill(bannedAddress);
    await dialog.getByLabel('Jail').selectOption('sshd');
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click();
    await seen(page.getByRole('row', { name: new RegExp(bannedAddress.replaceAll('.', '\\.')) })).toBeVisible();
    if (refused.length > 0) throw new Error(`The Content-Security-Policy refused: ${refused.join(' ')}`);
  } finally {
    await browser.close();
  }
}
