import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const HEIGHT = 900;
const NARROW = 390;
const WIDE = 1440;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules about colour: all that another theme of the same page can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** For `test.use`: what is looked at is also walked to on a narrow screen, where a button is hidden most easily. */
export const narrowScreen = { viewport: { width: NARROW, height: HEIGHT } } as const;

async function faults(
  page: Page,
  limits: { readonly tags: string[] } | { readonly rules: string[] },
): Promise<string[]> {
  // axe is large, and stays in the page until that is loaded anew.
  const isThere = await page.evaluate(() => 'axe' in window);
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: 'void 0' }) })
    .options({ resultTypes: ['violations'] })
    // The other mode is for frames of other hosts, and opens a page of its own for every look.
    .setLegacyMode();
  const { violations } = await ('tags' in limits ? axe.withTags(limits.tags) : axe.withRules(limits.rules)).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
}

async function switchTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
}

/** Makes the screen this wide, and waits until the page has stopped to draw itself anew. */
export async function widen(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  await expect(page.locator('bangui-skeleton')).toHaveCount(0);
  await page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
    let last = '';
    for (let same = 0; same < 3; same += 1) {
      await frame();
      // Not its texts: a page that tells how far something is never stops to change them.
      const { scrollHeight } = document.documentElement;
      const now = `${String(innerWidth)} ${String(scrollHeight)} ${String(document.querySelectorAll('*').length)}`;
      if (now !== last) same = 0;
      last = now;
    }
  });
}

async function expectNoOverflow(page: Page, what: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
}

/**
 * Looks at what is shown now on a narrow and on a wide screen, in both themes, which all change in place: axe finds
 * nothing, and nothing is wider than the screen nor than one of the `otherWidths`. Ends on the narrow screen.
 */
export async function expectNoFaults(page: Page, what: string, otherWidths: readonly number[] = []): Promise<void> {
  await switchTo(page, 'light');
  for (const width of otherWidths) {
    await widen(page, width);
    await expectNoOverflow(page, `${what}, ${String(width)} px`);
  }
  for (const width of [NARROW, WIDE]) {
    await widen(page, width);
    await expectNoOverflow(page, `${what}, ${String(width)} px`);
    expect.soft(await faults(page, { tags: TAGS }), `${what}, ${String(width)} px, light`).toEqual([]);
  }
  await switchTo(page, 'dark');
  for (const width of [WIDE, NARROW]) {
    await widen(page, width);
    expect.soft(await faults(page, { rules: COLOUR_RULES }), `${what}, ${String(width)} px, dark`).toEqual([]);
  }
}
