import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../test/test-database.ts';
import { entities } from '../app.module.ts';
import { type Database } from '../core/database/database.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { Log } from '../core/logging/log.ts';
import { SecretBox } from '../core/secrets/secret-box.ts';
import { SecretRenewal, SourceSecrets, SourcesRepository } from '../features/blocklists/index.ts';
import { program, runHere } from './testing/command.ts';

const [oldKey, newKey] = [
  'an old key of more than thirty-two characters',
  'a new key of more than thirty-two characters',
];
const names = ['one', 'two', 'three'];
const secretOf = (name: string): string => `hunter2 of ${name}`;

describe.each(databaseKinds)('bangui secrets rotate on %s', (kind) => {
  let place: EmptyDatabase;
  let database: Database;
  let sources: SourcesRepository;
  /** The keys with which everything was sealed. */
  let before: SecretBox;
  let oldId: string;

  /** On PostgreSQL the keys are those of the environment. */
  const keys = (...texts: string[]): string[] => (kind === 'postgres' ? texts : []);
  const box = (...texts: string[]): Promise<SecretBox> =>
    SecretBox.open({ secretKey: keys(...texts), databasePath: place.databasePath });
  const env = (...texts: string[]): Record<string, string> => ({
    BANGUI_DATABASE_PATH: place.databasePath,
    ...(place.databaseUrl !== undefined && {
      BANGUI_DATABASE_URL: place.databaseUrl,
      BANGUI_SECRET_KEY: texts.join(','),
    }),
  });
  /** What can be read with the keys as they are now, as an API does that is started. */
  const readable = async (...texts: string[]): Promise<Record<string, string>[]> => {
    const secrets = new SourceSecrets(await box(...texts));
    return (await sources.all()).map(({ id, secrets: sealed }) => secrets.open(id, sealed));
  };
  const everything = names.map((name) => ({ headerValue: secretOf(name) }));
  const sealedWith = async (): Promise<string[]> => [
    ...new Set((await sources.all()).map(({ secrets }) => JSON.stringify(secrets).split('.')[1] ?? '')),
  ];

  beforeEach(async () => {
    place = await emptyDatabase(kind);
    database = await openDatabase(place, entities);
    sources = new SourcesRepository(database);
    before = await box(oldKey);
    oldId = before.keyIds[0];
    const secrets = new SourceSecrets(before);
    await database.write(async (manager) => {
      for (const [index, name] of names.entries()) {
        const id = `00000000-0000-4000-8000-00000000000${index}`;
        const sealed = secrets.take(id, { headerValue: secretOf(name) }, ['headerValue'], {}).secrets;
        await sources.add(manager, {
          ...{ id, plugin: 'url-list', name, feedName: name, config: {}, secrets: sealed, intervalMinutes: 60 },
          ...{ maxChangePercent: 50, isEnabled: true, revision: 1, validators: null, rejectedHash: null },
          ...{ createdAt: index, changedAt: index },
        });
      }
    });
  });
  afterEach(async () => {
    await database.close();
    await place.remove();
  });

  it('seals everything anew, prints neither secret nor key, and leaves nothing that needs the old key', async () => {
    const { status, out, told } = await runHere(['secrets', 'rotate'], env(newKey, oldKey));
    expect(status).toBe(0);
    expect(await readable(newKey)).toEqual(everything);
    expect(await sealedWith()).not.toContain(oldId);
    const printed = `${out}\n${told}`;
    expect(printed).toContain('Sealed the secrets of 3 blocklists');
    for (const hidden of ['hunter2', oldKey, newKey]) expect(printed).not.toContain(hidden);
    if (kind === 'postgres') expect(printed).toContain(`Nothing needs ${oldId} any more`);
    else {
      const file = await readFile(join(dirname(place.databasePath), 'secret-key'), 'utf8');
      expect(file.trim().split('\n')).toHaveLength(1);
      expect(printed).not.toContain(file.trim());
      // An API that runs goes on with the new key without being started anew.
      const current = await sources.all();
      expect(new SourceSecrets(before).open(current[0]?.id ?? '', current[0]?.secrets)).toEqual(everything[0]);
    }
    const [event] = await database.read.query<{ action: string; outcome: string }[]>(
      'SELECT action, outcome FROM audit_event',
    );
    expect(event).toEqual({ action: 'secrets.rotate', outcome: 'succeeded' });
  });

  it('leaves everything readable after each step', async () => {
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const steps = kind === 'postgres' ? ['sealed'] : ['key-added', 'sealed', 'old-keys-dropped'];
    for (const last of steps) {
      const held = await box(newKey, oldKey);
      const renewal = new SecretRenewal(database, sources, new SourceSecrets(held), log);
      // As if the process had ended there: whoever reads anew has only what is stored.
      for await (const { step } of renewal.rotate(held)) if (step === last) break;
      expect([last, await readable(newKey, oldKey)]).toEqual([last, everything]);
    }
  });

  it('keeps the old key while a secret cannot be opened, and says which', async () => {
    const lost = new SourceSecrets(new SecretBox(['some third key of more than thirty-two characters']));
    await database.write(async (manager) => {
      const [first] = await sources.all(manager);
      const id = first?.id ?? '';
      await sources.change(manager, id, { secrets: lost.take(id, { headerValue: 'x' }, ['headerValue'], {}).secrets });
    });
    const { status, told } = await runHere(['secrets', 'rotate'], env(newKey, oldKey));
    expect(status).toBe(1);
    expect(told).toMatch(/"one": A secret that was sealed with the key/);
    expect((await box(newKey, oldKey)).keyIds).toContain(oldId);
  });

  if (kind === 'postgres') {
    it('asks for a new key when the environment names but one', async () => {
      const { status, told } = await runHere(['secrets', 'rotate'], env(oldKey));
      expect(status).toBe(1);
      expect(told).toContain('put a new one before it');
      expect(await readable(oldKey)).toEqual(everything);
    });
  }

  describe('killed with -9', () => {
    const slowDown = async (): Promise<void> => {
      const statements =
        kind === 'postgres'
          ? [
              `CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); RETURN NEW; END $$`,
              'CREATE TRIGGER slow_down AFTER UPDATE ON blocklist_source FOR EACH ROW EXECUTE FUNCTION slow_down()',
            ]
          : [
              `CREATE TRIGGER slow_down AFTER UPDATE ON blocklist_source BEGIN
                 SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) SELECT i FROM n);
               END`,
            ];
      for (const statement of statements) await database.write((manager) => manager.query(statement));
    };
    const isUpdating = async (): Promise<boolean> => {
      const rows = await database.read.query<unknown[]>(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'UPDATE%blocklist_source%'`,
      );
      return rows.length > 0;
    };
    /** Runs the compiled command and kills it when it has told this; resolves when it is dead. */
    const killAt = async (told: RegExp | undefined): Promise<NodeJS.Signals | null> => {
      if (!existsSync(program))
        throw new Error('The API is not compiled: run `npm run build:libs && npm run build:api`.');
      const child = spawn(process.execPath, [program, 'secrets', 'rotate'], {
        env: env(newKey, oldKey),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const closed = new Promise<NodeJS.Signals | null>((done) => child.once('close', (_code, signal) => done(signal)));
      let text = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (told?.test(text)) child.kill('SIGKILL');
      });
      if (told === undefined) {
        await expect.poll(isUpdating, { timeout: 15_000, interval: 20 }).toBe(true);
        child.kill('SIGKILL');
      }
      return closed;
    };
    const points = kind === 'postgres' ? [/Sealed/] : [/Made/, /Sealed/, /gone/];

    it.each(points)('as soon as it tells %s, everything is readable, and the next rotation is whole', async (point) => {
      await killAt(point);
      expect(await readable(newKey, oldKey)).toEqual(everything);
      expect((await runHere(['secrets', 'rotate'], env(newKey, oldKey))).status).toBe(0);
      expect(await readable(newKey)).toEqual(everything);
    });

    it('in the midst of the transaction, nothing of it is stored and everything is readable', async () => {
      await slowDown();
      expect(await killAt(kind === 'postgres' ? undefined : /Made/)).toBe('SIGKILL');
      expect(await sealedWith()).toEqual([oldId]);
      expect(await readable(newKey, oldKey)).toEqual(everything);
    });
  });
});
