import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { archiveEvent, archiveWriter, manyEvents, noon } from '../../../test/archive-events.ts';
import { databaseKinds, emptyDatabase, testDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { Quarters1764400000000 } from './migrations/1764400000000-quarters.ts';
import { openDatabase } from './open-database.ts';

/** Migrations of the release before the archive. */
const before = migrations.slice(0, 2);

const rows = `
  INSERT INTO "user" (id, username, username_key, password_hash, role, created_at)
    VALUES ('u1', 'admin', 'admin', 'hash', 'administrator', 1763800000000);
  INSERT INTO session (id, token_hash, user_id, address, user_agent, created_at, last_used_at, expires_at, absolute_expires_at)
    VALUES ('s1', 'token', 'u1', '192.0.2.1', 'agent', 1, 2, 3, 4);
  INSERT INTO audit_event (id, at, actor, address, action, subject, outcome, request_id)
    VALUES ('a1', 1763800000000, 'admin', '192.0.2.1', 'ban.create', 'sshd', 'succeeded', 'r1');
  INSERT INTO jail (server, name, colour) VALUES ('local', 'sshd', 1)`;

describe.each(databaseKinds)('a %s database that the release before the archive has filled', (kind) => {
  it('is migrated with everything in it, and takes up the archive', async () => {
    const empty = await emptyDatabase(kind);
    const common = { migrations: [...before], migrationsTableName: 'migration' };
    const old = new DataSource(
      kind === 'postgres'
        ? { type: 'postgres', url: empty.databaseUrl ?? '', ...common }
        : { type: 'better-sqlite3', database: empty.databasePath, enableWAL: true, ...common },
    );
    await old.initialize();
    expect(await migrate(old, kind)).toHaveLength(before.length);
    for (const statement of rows.split(';')) await old.query(statement);
    await old.destroy();

    const database = await openDatabase(empty, entities);
    const { writer } = await archiveWriter(database);
    expect(await writer.append([archiveEvent()])).toHaveLength(1);
    for (const table of ['"user"', 'session', 'audit_event', 'jail', 'history_archive']) {
      expect([table, await database.read.query(`SELECT count(*) AS n FROM ${table}`)]).toEqual([table, [{ n: 1 }]]);
    }
    await database.close();
    await empty.remove();
  });
});

describe.each(databaseKinds)('a %s archive of the release before sums by quarters of an hour', (kind) => {
  it('gets them when it is migrated, as if they had always been made', async () => {
    const test = await testDatabase(kind);
    const { writer } = await archiveWriter(test.database);
    await writer.append(manyEvents(800, { days: 3 }));
    await writer.countFailures([
      { jail: 'sshd', at: noon, failures: 2 },
      { jail: 'sshd', at: noon + 600_000, failures: 3 },
    ]);
    const quarters = (): Promise<unknown[]> =>
      test.database.reports.query(
        `SELECT dimension, bucket, value, bans, unbans, failures FROM history_hourly WHERE grain = '15min'
         ORDER BY dimension, bucket, value`,
      );
    const made = await quarters();
    expect(made.length).toBeGreaterThan(500);
    await test.database.write(async (manager) => {
      await manager.query(`DELETE FROM history_hourly WHERE grain = '15min'`);
      if (!manager.queryRunner) throw new Error('a transaction has a runner');
      await new Quarters1764400000000().up(manager.queryRunner);
    });
    expect(await quarters()).toEqual(made);
    await test.close();
  });
});
