import { type Page, test as base, expect } from '@playwright/test';
import { ADMIN, Stack, type StackOptions } from './bangui.ts';

interface Fixtures {
  /** How the stack of this test is started; `test.use` sets it. */
  stackOptions: StackOptions;
  /** API, portal and fail2ban of this test's own. */
  stack: Stack;
  /** Complaints of the browser: errors on the console, exceptions, requests to another host. Must be empty at the end. */
  complaints: string[];
}

/** Playwright's test with a whole BanGUI in front of a real fail2ban. */
export const test = base.extend<Fixtures, { sharedStack: Stack }>({
  // Here and not beside `testReading`: tests with other fixtures of their worker would each need another worker.
  sharedStack: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs.
    async ({}, use) => {
      await using stack = await Stack.start({ hasOwnProcess: true });
      await use(stack);
    },
    { scope: 'worker' },
  ],
  stackOptions: [{}, { option: true }],
  stack: async ({ stackOptions }, use) => {
    await using stack = await Stack.start(stackOptions);
    await use(stack);
  },
  baseURL: async ({ stack }, use) => {
    await use(stack.url);
  },
  complaints: [
    async ({ context, stack }, use) => {
      const complaints: string[] = [];
      context.on('weberror', (error) => complaints.push(String(error.error())));
      context.on('console', (message) => {
        // A refused or failed request is told on the console by the browser itself; tests of these provoke it.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text());
        }
      });
      context.on('request', (request) => {
        if (!request.url().startsWith(`${stack.url}/`)) complaints.push(`request to ${request.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** For journeys that only read: those of a worker share one stack, which none of them may change. */
export const testReading = test.extend({
  stack: async ({ sharedStack }, use) => {
    await use(sharedStack);
  },
});

/** Opens a page, signed in; what the form does has journeys of its own. */
export async function signIn(page: Page, path = '/'): Promise<void> {
  const login = /^https?:/.test(path) ? new URL('/api/v1/auth/login', path).href : '/api/v1/auth/login';
  const answer = await page.request.post(login, { data: ADMIN, headers: { 'X-BanGUI-Request': '1' } });
  expect(answer.status()).toBe(200);
  await page.goto(path);
  await expect(page.locator('bangui-shell')).toBeVisible();
}

/** Points at a toast, so that it stays: an offer to undo goes by itself after 12 s. */
export async function hold(page: Page, toast: string): Promise<void> {
  await page.getByText(toast).hover();
}

/** Presses `g` and another key. The second one must come within 1.2 s, which a busy machine may not manage at once. */
export async function goByKeys(page: Page, key: string, address: RegExp): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page).toHaveURL(address, { timeout: 5_000 });
  }).toPass();
}

/**
 * Proves a promise about time: does it up to three times, of which one must keep to it. On a busy machine a browser may
 * not be run for seconds, whatever is promised.
 */
export async function keepsOnce(attempt: (time: number) => Promise<void>): Promise<void> {
  for (let time = 1; time < 3; time += 1) {
    try {
      await attempt(time);
      return;
    } catch {
      // Another chance; the last one tells what failed.
    }
  }
  await attempt(3);
}

export { expect };
