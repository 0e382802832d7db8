import { expect, test } from 'vitest';
import { ConfigurationDir } from './testing/configuration-dir.ts';
import { testPrograms } from './testing/programs.ts';
import { testConfiguration } from './test-configuration.ts';

const programs = testPrograms();

test('has nothing to say about a good configuration', async () => {
  await using dir = await ConfigurationDir.make();
  expect(await testConfiguration(programs, dir.path)).toEqual([]);
});

test('names the jail whose filter is missing', async () => {
  await using dir = await ConfigurationDir.make('[web]\nenabled = true\n[bad]\nenabled = true\nfilter = missing\n');
  expect(await testConfiguration(programs, dir.path)).toContainEqual({
    jail: 'bad',
    option: null,
    message: "Unable to read the filter 'missing'",
  });
});

test('gives the words of the reader about a file it cannot read', async () => {
  await using dir = await ConfigurationDir.make('enabled = true\n');
  const problems = await testConfiguration(programs, dir.path);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain('jail.local');
});

test('says that a program failed when it has no opinion', async () => {
  await using dir = await ConfigurationDir.make();
  await expect(testConfiguration({ ...programs, client: '/bin/false' }, dir.path)).rejects.toMatchObject({
    reason: 'failed',
  });
});
