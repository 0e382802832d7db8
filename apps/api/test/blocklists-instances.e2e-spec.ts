import { type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { type ImportRunPage } from '../src/features/blocklists/runs.dto.ts';
import { eventually } from './fail2ban-api.ts';
import { type RunningApi } from './harness.ts';
import { startTwoInstances, type TwoInstances } from './instances.ts';
import { ListPublisher } from './list-publisher.ts';

/** Times that both are asked at once; more with BANGUI_TEST_ROUNDS. */
const rounds = Math.min(50, Number(process.env['BANGUI_TEST_ROUNDS'] ?? 5));

let instances: TwoInstances;
let publisher: ListPublisher;

beforeAll(async () => {
  publisher = await ListPublisher.start();
  instances = await startTwoInstances({}, { withSources: true, env: { BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } });
  // A PostgreSQL, a fail2ban and two BanGUIs.
}, 120_000);
afterAll(async () => {
  await instances.stop();
  await publisher.stop();
});

/** Instances that have begun an import, by what they logged. */
const importers = (): RunningApi[] =>
  [instances.a, instances.b].filter((api) => api.logs().some((line) => /"task":"blocklist_import"/.test(line)));

it('import a list once although both are asked at once, and only the holder of the lock does', async () => {
  const { a, b, database } = instances;
  const held: ServerResponse[] = [];
  publisher.answer('/list.txt', (_, response) => void held.push(response));
  const body = { plugin: 'url-list', name: 'list', isEnabled: false, config: { url: `${publisher.url}/list.txt` } };
  const { id } = (await a.admin.post<Blocklist>('/api/v1/blocklists', body)).body;
  const runsOf = async (api: RunningApi): Promise<ImportRunPage['items']> =>
    (await api.admin.get<ImportRunPage>(`/api/v1/blocklists/runs?source=${id}`)).body.items;
  for (let round = 1; round <= rounds; round += 1) {
    const asked = [a, b].map((api) => api.admin.post(`/api/v1/blocklists/${id}/run`));
    // Both have asked, and one download waits for its answer: a second one would come while it waits.
    await eventually(async () => {
      const rows = await database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM audit_event WHERE action = 'blocklist.run'`,
      );
      expect([rows[0]?.count, held.length]).toEqual([2 * round, 1]);
    });
    for (const response of held.splice(0)) response.end(`23.1.0.${round}\n`);
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => [200, 202].includes(status))).toEqual([true, true]);
    await eventually(async () => {
      // Whoever was asked, both say the same of one import.
      const [ofA, ofB] = [await runsOf(a), await runsOf(b)];
      expect(ofA).toEqual(ofB);
      expect(ofA.map(({ outcome }) => outcome)).toEqual(Array.from({ length: round }, () => 'ok'));
    });
    expect(publisher.requests).toHaveLength(round);
  }
  const tokens = await database.query<{ token: string }>(`SELECT DISTINCT token FROM import_run`);
  const fence = await database.query<{ token: string }>('SELECT token FROM scheduler_fence');
  expect(tokens).toEqual(fence);
  expect(importers()).toHaveLength(1);
});
