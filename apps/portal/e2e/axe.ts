import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The rules about colour: all that another theme of the same page can break. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

async function faults(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`);
}

async function switchTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
}

/** Looks at what is shown now in both themes, which change in place. */
export async function expectNoFaults(page: Page, what: string): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  await switchTo(page, 'light');
  expect.soft(await faults(new AxeBuilder({ page }).withTags(tags)), `${what}, light`).toEqual([]);
  await switchTo(page, 'dark');
  expect.soft(await faults(new AxeBuilder({ page }).withRules(COLOUR_RULES)), `${what}, dark`).toEqual([]);
}
