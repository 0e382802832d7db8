import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddressSet } from '@bangui/ip';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../../core/config/load-settings.ts';
import { HostResolver } from '../download/resolver.ts';
import { type ImportJob } from './import-job.ts';
import { ImportThread, ImportThreadSilent } from './import-thread.ts';

// It starts threads, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 120_000 });

let dir: string;
let publisher: Server;
let url: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-thread-'));
  publisher = createServer((_, response) => response.end('23.1.0.1\n'));
  publisher.listen(0, '127.0.0.1');
  await once(publisher, 'listening');
  url = `http://127.0.0.1:${(publisher.address() as { port: number }).port}/list.txt`;
});
afterAll(async () => {
  publisher.closeAllConnections();
  publisher.close();
  await rm(dir, { recursive: true, force: true });
});

/** A source of this repository whose `parse` is this code. */
async function jobOf(name: string, parse: string): Promise<ImportJob> {
  const metadata = {
    ...{ id: name, name, description: name, homepage: 'https://example.org', licence: 'none' },
    hosts: 'from-config',
    schemes: ['http'],
    ...{ minIntervalMinutes: 1, staleAfterHours: 1, limits: { maxBytes: 1_000, maxEntries: 10 } },
  } as const;
  const entry = join(dir, `${name}.mjs`);
  await writeFile(
    entry,
    `export default {
      api: 1,
      metadata: ${JSON.stringify(metadata)},
      config: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) } } },
      feeds: ({ url }) => [{ key: 'all', url }],
      async *parse(body) { ${parse} },
    };`,
  );
  return {
    location: { id: name, trust: 'in-tree', directory: dir, entry, description: { metadata, configSchema: {} } },
    config: { url },
    secrets: {},
    validators: {},
    hashes: {},
    own: AddressSet.empty.encode(),
    maxChangePercent: 50,
  };
}

describe('the thread that imports lists', () => {
  const settings = loadSettings({ BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' });
  const start = (times = { silenceMs: 120_000 }): ImportThread =>
    new ImportThread(settings, new HostResolver(), Object.assign(times, { times: undefined }));

  it('is ended when a source never lets go of it, and the next import has another one', async () => {
    const times = { silenceMs: 120_000 };
    const thread = start(times);
    try {
      const good = await jobOf('good', "for await (const chunk of body) yield { address: '23.1.0.1' };");
      const isRead = { kind: 'changed', funnel: { ranges: 1 } };
      expect(await thread.run('import', good)).toMatchObject(isRead);
      // Only now: a thread that is being started says nothing either, for as long as the machine is busy.
      times.silenceMs = 5_000;
      const spinning = await jobOf('spinning', 'for (;;);');
      await expect(thread.run('import', spinning)).rejects.toBeInstanceOf(ImportThreadSilent);
      times.silenceMs = 120_000;
      expect(await thread.run('import', good)).toMatchObject(isRead);
    } finally {
      await thread.end();
    }
  });

  it('makes nobody wait who has given up, whatever it is doing', async () => {
    const thread = start();
    try {
      const gone = new AbortController();
      const asked = thread.run('preview', await jobOf('waiting', 'await new Promise(() => {});'), {
        signal: gone.signal,
      });
      gone.abort(new Error('too slow'));
      await expect(asked).rejects.toThrow('too slow');
    } finally {
      await thread.end();
    }
  });
});
