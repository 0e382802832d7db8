import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretBox, SecretUnreadable } from './secret-box.ts';

const [first, second] = ['a first key that is long enough ....', 'a second key that is long enough ...'] as const;

describe('the box of secrets', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-secrets-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('opens what it has sealed, for the same purpose only, and seals each time otherwise', () => {
    const box = new SecretBox([first]);
    const sealed = box.seal('hunter2 ☂', 'a');
    expect(sealed).not.toContain('hunter2');
    expect(box.seal('hunter2 ☂', 'a')).not.toBe(sealed);
    expect(box.open(sealed, 'a')).toBe('hunter2 ☂');
    expect(() => box.open(sealed, 'b')).toThrow(SecretUnreadable);
    expect(() => box.open(`${sealed.slice(0, -3)}AAA`, 'a')).toThrow(SecretUnreadable);
    expect(() => box.open('', 'a')).toThrow(SecretUnreadable);
  });

  it('opens with an old key, and tells what is to be sealed anew', () => {
    const old = new SecretBox([first]).seal('hunter2', 'a');
    const box = new SecretBox([second, first]);
    expect([box.open(old, 'a'), box.isCurrent(old), box.isCurrent(box.seal('x', 'a'))]).toEqual([
      'hunter2',
      false,
      true,
    ]);
    expect(() => new SecretBox([second]).open(old, 'a')).toThrow(SecretUnreadable);
  });

  it('makes a key that nobody else can read, once', async () => {
    const databasePath = join(dir, 'data', 'bangui.sqlite3');
    const sealed = (await SecretBox.open({ secretKey: [], databasePath })).seal('hunter2', 'a');
    expect((await stat(join(dir, 'data', 'secret-key'))).mode & 0o777).toBe(0o600);
    expect((await SecretBox.open({ secretKey: [], databasePath })).open(sealed, 'a')).toBe('hunter2');
  });
});
