import { gzipSync } from 'node:zlib';
import { expect, signIn, testReading } from './fixtures.ts';

/** What may have been asked for until the first page stands, bytes of compressed script. */
const LIMIT = 250_000;
const VERDICT = 'Protected, all 3 jails armed';

/** Runs in the page before anything else: notes when the text stands on it. */
function noteWhenItStands(text: string): void {
  const watch = new MutationObserver(() => {
    if (document.querySelector('.verdict')?.textContent.includes(text) !== true) return;
    watch.disconnect();
    performance.mark('stands');
  });
  watch.observe(document, { subtree: true, childList: true, characterData: true });
}

testReading(
  'needs at most 250 kB of compressed script until the first page stands; charts come after it',
  async ({ page, context }) => {
    await signIn(page);
    // The first journey of a stack may be here before every jail was read back; the charts do not wait for that.
    await expect(page.getByText(VERDICT)).toBeVisible();
    const fresh = await context.newPage();
    const bodies = new Map<string, Promise<Buffer>>();
    fresh.on('response', (response) => {
      if (response.request().resourceType() === 'script') bodies.set(response.url(), response.body());
    });
    await fresh.addInitScript(noteWhenItStands, VERDICT);
    await fresh.goto('/');
    await expect(fresh.getByText(VERDICT)).toBeVisible();
    // Something to draw, so that there is a chart at all.
    await expect(fresh.locator('bangui-world-map canvas')).toBeVisible();
    const asked = await fresh.evaluate(() => {
      const stands = performance.getEntriesByName('stands')[0]?.startTime ?? 0;
      return performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .map(({ name, startTime }) => ({ name, isBefore: startTime < stands }));
    });
    const sizes = await Promise.all(
      asked.map(async ({ name, isBefore }) => {
        const body = (await bodies.get(name)) ?? Buffer.alloc(0);
        return { isBefore, bytes: gzipSync(body).length, hasCharts: body.includes('_echarts_instance_') };
      }),
    );
    const before = sizes.filter(({ isBefore }) => isBefore);
    const bytes = before.reduce((sum, script) => sum + script.bytes, 0);
    testReading
      .info()
      .annotations.push({ type: 'compressed script', description: `${String(Math.round(bytes / 1000))} kB` });
    console.log(`first page: ${String(Math.round(bytes / 1000))} kB of script in ${String(before.length)} files`);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(LIMIT);
    const charts = sizes.filter(({ hasCharts }) => hasCharts);
    expect(charts.reduce((sum, script) => sum + script.bytes, 0)).toBeGreaterThan(50_000);
    expect(charts.filter(({ isBefore }) => isBefore)).toEqual([]);
  },
);
