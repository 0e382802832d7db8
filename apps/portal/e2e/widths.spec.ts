import { type Page } from '@playwright/test';
import { widen } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

const LONG = 'a-jail-with-a-name-that-hardly-ends-0123456789.x';
const ADDRESS = '2001:db8:1234:5678:9abc:def0:1234:5678';
const PAGES = [
  '/',
  '/history?action=ban',
  `/history?jail=${LONG}&network=${ADDRESS}&text=${'long'.repeat(20)}`,
  '/map',
  '/map?show=table',
  `/address/${ADDRESS}`,
  '/address/203.0.113.0/24',
  '/jails',
  '/administration/audit',
];

/** Elements of the page that stick out of the screen, other than inside of something that scrolls or cuts. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isCut = (element: Element): boolean => {
      for (let box = element.parentElement; box !== null && box.tagName !== 'MAIN'; box = box.parentElement) {
        if (getComputedStyle(box).overflowX !== 'visible') return true;
      }
      return false;
    };
    return [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !isCut(element))
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test.use({
  stackOptions: {
    fail2ban: {
      jails: `[${LONG}]\nenabled = true\nfilter = test\nlogpath = @DIR@/log/web.log\nbantime = -1\n`,
    },
  },
});

test('the pages with the widest lists fit every screen from 360 to 2560 px, whatever names they show', async ({
  page,
  stack,
}) => {
  test.setTimeout(120_000);
  await stack.fail2ban.client('set', LONG, 'banip', ADDRESS, '203.0.113.7');
  await signIn(page);
  // Before they are known the pages are short.
  await expect(page.locator('bangui-live-list').getByRole('link', { name: ADDRESS })).toBeVisible();
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.locator('main h1').first()).toBeVisible();
    await expect(page.locator('bangui-skeleton')).toHaveCount(0);
    for (const width of [360, 599, 600, 768, 900, 1100, 1200, 1300, 1400, 1440, 2560]) {
      await widen(page, width);
      expect.soft(await stickingOut(page), `${path} at ${String(width)} px`).toEqual([]);
    }
  }
});
