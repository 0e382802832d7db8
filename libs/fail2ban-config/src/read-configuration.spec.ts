import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfiguration } from './read-configuration.ts';
import { asReading, withoutWords } from './testing/compare-readings.ts';
import { fail2banReadings } from './testing/fail2ban-reader.ts';
import { stockConfigDir } from './testing/programs.ts';
import { trees } from './testing/trees.ts';

const generated = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 600 : 150;

test("gives for Debian's own configuration what fail2ban's own reader gives: all options of all jails, filters and actions", async () => {
  const [theirs] = await fail2banReadings([stockConfigDir()]);
  if (!theirs) throw new Error("fail2ban refuses Debian's own configuration");
  const ours = await readConfiguration(stockConfigDir(), { fail2banVersion: theirs.version });

  expect(ours.problems).toEqual([]);
  expect(ours.jails.length).toBeGreaterThan(80);
  expect(asReading(ours, theirs.version)).toEqual(withoutWords(theirs));
});

test("gives for generated configurations what fail2ban's own reader gives", { timeout: 120_000 }, async () => {
  const root = await mkdtemp(join(tmpdir(), 'bangui-trees-'));
  try {
    const sample = fc.sample(trees, generated);
    const dirs: string[] = [];
    for (const [index, tree] of sample.entries()) {
      const dir = join(root, String(index));
      dirs.push(dir);
      for (const [path, text] of Object.entries(tree)) {
        await mkdir(dirname(join(dir, path)), { recursive: true });
        await writeFile(join(dir, path), text);
      }
    }
    let usable = 0;
    let broken = 0;
    for (const [index, theirs] of (await fail2banReadings(dirs)).entries()) {
      const detail = JSON.stringify(sample[index], null, 1);
      const ours = await readConfiguration(dirs[index] ?? '', { fail2banVersion: theirs?.version });
      if (theirs === null) {
        expect(ours.problems, detail).not.toEqual([]);
        continue;
      }
      expect(ours.problems, detail).toEqual([]);
      expect(asReading(ours, theirs.version), detail).toEqual(withoutWords(theirs));
      for (const { error } of Object.values(theirs.jails)) {
        if (error === null) usable++;
        else broken++;
      }
    }
    // Both kinds are there in plenty.
    expect(usable).toBeGreaterThan(generated / 3);
    expect(broken).toBeGreaterThan(generated / 3);
  } finally {
    await rm(root, { recursive: true });
  }
});
