import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../src/core/database/database.ts';
import { AllowlistUnreadable } from '../src/features/allowlist/index.ts';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { Wanted } from '../src/features/blocklists/index.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

/** Lines of the longest list; a source may have five million entries. */
const manyLines = 10_000_000;
/** Most memory that it may take meanwhile, in MiB: 5 million entries and what sorts them are 40 MiB each. */
const mostMib = 320;

/** Ten thousand addresses at a time. */
function* manyPieces(): Generator<string> {
  for (let start = 0; start < manyLines; start += 10_000) {
    yield Array.from({ length: 10_000 }, (_, index) => {
      const number = start + index;
      return `${23 + (number >> 23)}.${(number >> 15) & 255}.${(number >> 7) & 255}.${(number & 127) * 2}\n`;
    }).join('');
  }
}

describe('blocklists at their limits', () => {
  let publisher: ListPublisher;
  let api: RunningApi;
  let folder: string;
  const create = async (plugin: string, name: string, config: object): Promise<Blocklist> => {
    const answer = await api.admin.post<Blocklist>('/api/v1/blocklists', { plugin, name, config });
    expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
    return settled(answer.body.id);
  };
  const settled = (id: string, timeoutMs?: number): Promise<Blocklist> =>
    eventually(async () => {
      const { body } = await api.admin.get<Blocklist>(`/api/v1/blocklists/${id}`);
      expect(body).toMatchObject({ isRunning: false, lastRun: expect.anything() as unknown });
      return body;
    }, timeoutMs);
  const wanted = () => api.app.get(Wanted, { strict: false });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bangui-lists-'));
    await mkdir(join(folder, 'allowed'));
    publisher = await ListPublisher.start();
    api = await startApi({
      withSources: true,
      env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8', BANGUI_SOURCES_FILE_DIR: join(folder, 'allowed') },
    });
  });
  afterAll(async () => {
    await api.stop();
    await publisher.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('read files below the folder that is allowed, and none that a link leads to outside of it', async () => {
    await writeFile(join(folder, 'allowed', 'list.txt'), '23.7.0.1\n23.7.0.2\n');
    await writeFile(join(folder, 'secret.txt'), '23.7.0.9\n');
    await symlink(join(folder, 'secret.txt'), join(folder, 'allowed', 'link.txt'));
    await symlink(folder, join(folder, 'allowed', 'up'));
    expect(await create('file', 'file', { path: 'list.txt' })).toMatchObject({ state: 'ok', ranges: 1 });
    for (const path of ['link.txt', 'up/secret.txt']) {
      expect(await create('file', path, { path })).toMatchObject({
        state: 'failing',
        ranges: 0,
        lastRun: { error: 'refused' },
      });
    }
    const body = { plugin: 'file', name: 'dots', config: { path: '../secret.txt' } };
    expect(await api.admin.post('/api/v1/blocklists', body)).toMatchObject({ status: 422 });
  });

  it('that hold the whole internet block nothing of it', async () => {
    publisher.publish('/all.txt', '0.0.0.0/0\n::/0\n0.0.0.0/1\n128.0.0.0/1\n127.0.0.1\n23.8.0.1\n');
    expect(await create('url-list', 'all', { url: `${publisher.url}/all.txt` })).toMatchObject({
      ranges: 1,
      lastRun: { funnel: { entries: 6, tooBroad: 4, ranges: 1, addresses4: 1 } },
    });
  });

  it('add nothing while it is not known who is let through', async () => {
    publisher.publish('/later.txt', '23.8.1.1\n');
    const before = await eventually(async () => {
      const head = await wanted().head();
      expect(head?.ranges).toBe(2);
      return head;
    });
    const database = api.app.get(Database, { strict: false });
    await database.write((manager) => manager.query('ALTER TABLE allowlist_entry RENAME TO allowlist_gone'));
    expect(await create('url-list', 'later', { url: `${publisher.url}/later.txt` })).toMatchObject({ state: 'ok' });
    await expect(wanted().refresh()).rejects.toThrow(AllowlistUnreadable);
    expect(await wanted().head()).toEqual(before);
    await database.write((manager) => manager.query('ALTER TABLE allowlist_gone RENAME TO allowlist_entry'));
    await wanted().refresh();
    expect((await wanted().head())?.ranges).toBe(3);
  });

  it('of ten million lines are refused in bounded memory, and what is enforced stays', async () => {
    publisher.answer('/many.txt', (_request, response) => {
      const pieces = manyPieces();
      const write = (): void => {
        for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
          if (!response.write(piece.value)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const enforced = await wanted().head();
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const body = { plugin: 'url-list', name: 'many', config: { url: `${publisher.url}/many.txt` } };
    const { body: made } = await api.admin.post<Blocklist>('/api/v1/blocklists', body);
    const list = await settled(made.id, 90_000);
    clearInterval(watch);
    expect(list).toMatchObject({ state: 'failing', ranges: 0, lastRun: { error: 'too-large' } });
    expect(await wanted().head()).toEqual(enforced);
    expect((most - before) / 2 ** 20).toBeLessThan(mostMib);
  }, 120_000);
});
