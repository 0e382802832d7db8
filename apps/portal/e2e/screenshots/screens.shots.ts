import { resolve } from 'node:path';
import { type Page } from '@playwright/test';
import { expect, signIn, test } from '../fixtures.ts';
import { SCENES } from './scenes.ts';

const OUT = resolve(import.meta.dirname, '../../../../var/screenshots');
/** Pages that go on below the first screen and are looked at as a whole as well. */
const LONG_PAGES = ['/', '/map', '/address/'];

/** Takes pictures of one scene in one theme and width. */
class Camera {
  private readonly page: Page;
  private readonly scene: string;
  private readonly suffix: string;

  constructor(page: Page, scene: string, suffix: string) {
    this.page = page;
    this.scene = scene;
    this.suffix = suffix;
  }

  async shoot(name: string): Promise<void> {
    await expect(this.page.locator('bangui-skeleton')).toHaveCount(0);
    await this.page.evaluate(() => document.fonts.ready);
    await this.drawn();
    await this.page.screenshot({ path: `${OUT}/${this.scene}/${name}-${this.suffix}.png` });
  }

  async shootPath(path: string): Promise<void> {
    const { page } = this;
    await page.goto(path);
    await expect(page.locator('main h1').first()).toBeVisible();
    const name = path === '/' ? 'overview' : path.replaceAll(/[^\w-]+/g, '-').replaceAll(/^-|-$/g, '');
    await this.shoot(name.slice(0, 60));
    if (!LONG_PAGES.some((start) => path === start || (start.length > 1 && path.startsWith(start)))) return;
    const size = page.viewportSize();
    if (size === null) return;
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...size, height: Math.max(size.height, height) });
    await this.shoot(`${name.slice(0, 60)}-whole`);
    await page.setViewportSize(size);
  }

  /** Waits until every chart in view stands on its canvas. */
  private async drawn(): Promise<void> {
    await expect
      .poll(() =>
        this.page.evaluate(() =>
          [...document.querySelectorAll('bangui-chart-canvas')]
            .filter((chart) => chart.getBoundingClientRect().top < innerHeight)
            .every((chart) => chart.querySelector('canvas') !== null),
        ),
      )
      .toBe(true);
  }
}

for (const scene of SCENES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [2560, 1440, 768, 390]) {
      test.describe(`${scene.name}, ${colorScheme}, ${String(width)} px`, () => {
        test.use({
          stackOptions: scene.options,
          colorScheme,
          viewport: { width, height: width > 600 ? 1000 : 844 },
          reducedMotion: 'reduce',
        });

        test('has its picture taken', async ({ page, stack }) => {
          await scene.prepare(stack);
          const camera = new Camera(page, scene.name, `${colorScheme}-${String(width)}`);
          await page.goto('/sign-in');
          await camera.shoot('sign-in');
          await signIn(page);
          await expect(page.locator('bangui-live-indicator')).toContainText('Live');
          for (const path of scene.paths) await camera.shootPath(path);
          await shootHistory(page, camera);
          await shootDialogs(page, camera);
          await page.keyboard.press('Control+k');
          await expect(page.getByRole('combobox', { name: 'Command, jail or address' })).toBeVisible();
          await camera.shoot('palette');
          await page.keyboard.press('Escape');
          await stack.fail2ban.stop();
          await page.goto('/');
          await expect(page.getByText('fail2ban is offline: nothing is being banned.')).toBeVisible();
          await camera.shoot('offline');
        });
      });
    }
  }
}

/** Opened rows, where there are some, and an export under way. */
async function shootHistory(page: Page, camera: Camera): Promise<void> {
  await page.goto('/history?action=ban&range=30d');
  await expect(page.getByRole('button', { name: 'Export…' })).toBeVisible();
  await expect(page.locator('bangui-skeleton')).toHaveCount(0);
  const openers = page.getByRole('button', { name: /^Matched lines of/ });
  if ((await openers.count()) > 2) {
    for (const index of [0, 2]) await openers.nth(index).click();
    await camera.shoot('history-opened');
    // An answer that does not end, as a large export over a slow line.
    await page.route('**/api/v1/history/export?*', () => undefined);
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    await expect(page.getByText('Exporting as CSV')).toBeVisible();
    await camera.shoot('history-exporting');
  }
}

async function shootDialogs(page: Page, camera: Camera): Promise<void> {
  await page.goto('/history?action=ban&range=30d');
  for (const name of ['Filter', 'Export…', 'Custom']) {
    await page.getByRole('button', { name, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await camera.shoot(`dialog-${name.replace('…', '').toLowerCase()}`);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  await page.goto('/bans');
  await page.getByRole('button', { name: 'Ban address', exact: true }).click();
  await page.getByLabel('Addresses or networks').fill('203.0.113.77, 127.0.0.1\n300.1.1.1, 2001:db8::/48');
  await expect(page.getByText('2 will be banned · 1 refused · 1 no address')).toBeVisible();
  await camera.shoot('dialog-ban');
  await page.keyboard.press('Escape');
}
