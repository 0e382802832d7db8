import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { archiveEvent, archiveWriter } from '../../../test/archive-events.ts';
import { databaseKinds, emptyDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
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
