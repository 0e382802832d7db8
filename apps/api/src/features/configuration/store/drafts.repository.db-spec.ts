import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, testDatabase, type TestDatabase } from '../../../../test/test-database.ts';
import { DraftsRepository, type NewDraft } from './drafts.repository.ts';

const draft = (change: Partial<NewDraft> = {}): NewDraft => ({
  ...{ userId: 'one', path: 'jail.local', etag: null, savedAt: 100 },
  content: { set: [{ option: 'maxretry', value: '4' }], unset: ['bantime'], text: null },
  ...change,
});
const wide = { notBefore: 0, atMost: 10 };

describe.each(databaseKinds)('drafts on %s', (kind) => {
  let test: TestDatabase;
  let drafts: DraftsRepository;
  beforeEach(async () => {
    test = await testDatabase(kind);
    drafts = new DraftsRepository(test.database);
  });
  afterEach(() => test.close());

  it('are kept for each administrator and file, the newest in place of the one before', async () => {
    expect(await drafts.keep(draft(), wide)).toBe(true);
    expect(await drafts.keep(draft({ etag: 'abc', savedAt: 200 }), wide)).toBe(true);
    await drafts.keep(draft({ userId: 'two', savedAt: 300 }), wide);
    expect(await drafts.find('one', 'jail.local', { notBefore: 0 })).toMatchObject(
      draft({ etag: 'abc', savedAt: 200 }),
    );
    expect(await drafts.find('one', 'other.local', { notBefore: 0 })).toBeNull();
    await drafts.remove('one', ['jail.local', 'other.local']);
    expect(await drafts.find('one', 'jail.local', { notBefore: 0 })).toBeNull();
    expect(await drafts.find('two', 'jail.local', { notBefore: 0 })).toMatchObject({ savedAt: 300 });
  });

  it('are forgotten when they are too old, and not shown before', async () => {
    await drafts.keep(draft({ userId: 'two' }), wide);
    expect(await drafts.find('two', 'jail.local', { notBefore: 101 })).toBeNull();
    await drafts.keep(draft({ savedAt: 500 }), { notBefore: 101, atMost: 10 });
    expect(await drafts.find('two', 'jail.local', { notBefore: 0 })).toBeNull();
    expect(await drafts.find('one', 'jail.local', { notBefore: 0 })).not.toBeNull();
  });

  it('are no more than so many for one administrator', async () => {
    const two = { notBefore: 0, atMost: 2 };
    expect(await drafts.keep(draft({ path: 'a.local' }), two)).toBe(true);
    expect(await drafts.keep(draft({ path: 'b.local' }), two)).toBe(true);
    expect(await drafts.keep(draft({ path: 'c.local' }), two)).toBe(false);
    expect(await drafts.keep(draft({ path: 'b.local', savedAt: 101 }), two)).toBe(true);
    expect(await drafts.keep(draft({ userId: 'two', path: 'c.local' }), two)).toBe(true);
    expect(await drafts.find('one', 'c.local', { notBefore: 0 })).toBeNull();
  });
});
