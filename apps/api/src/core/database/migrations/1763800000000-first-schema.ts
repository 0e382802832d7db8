import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const json = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
const id = (table: string): TableColumnOptions => ({
  ...text('id', 36),
  isPrimary: true,
  primaryKeyConstraintName: `pk_${table}`,
});

const users = new Table({
  name: 'user',
  columns: [
    id('user'),
    text('username', 64),
    text('username_key', 64),
    text('password_hash', 255),
    text('role', 32),
    integer('created_at'),
    { ...integer('last_sign_in_at'), isNullable: true },
  ],
  uniques: [{ name: 'uq_user_username_key', columnNames: ['username_key'] }],
});

const sessions = new Table({
  name: 'session',
  columns: [
    id('session'),
    text('token_hash', 64),
    text('user_id', 36),
    text('address', 64),
    text('user_agent', 256),
    integer('created_at'),
    integer('last_used_at'),
    integer('expires_at'),
    integer('absolute_expires_at'),
  ],
  uniques: [{ name: 'uq_session_token_hash', columnNames: ['token_hash'] }],
  foreignKeys: [
    {
      name: 'fk_session_user',
      columnNames: ['user_id'],
      referencedTableName: 'user',
      referencedColumnNames: ['id'],
      onDelete: 'CASCADE',
    },
  ],
  indices: [
    { name: 'ix_session_user', columnNames: ['user_id', 'created_at', 'id'] },
    { name: 'ix_session_expires_at', columnNames: ['expires_at'] },
  ],
});

const auditEvents = new Table({
  name: 'audit_event',
  columns: [
    id('audit_event'),
    integer('at'),
    text('actor', 64),
    text('address', 64),
    text('action', 64),
    text('subject', 256),
    text('outcome', 16),
    json('detail'),
    json('before'),
    json('after'),
    text('request_id', 64),
  ],
  indices: [{ name: 'ix_audit_event_at', columnNames: ['at', 'id'] }],
});

/** The database itself keeps the audit log append-only, so that a mistake in the program cannot rewrite it. */
const appendOnly = {
  sqlite: ['UPDATE', 'DELETE'].map(
    (verb) =>
      `CREATE TRIGGER tr_audit_event_no_${verb.toLowerCase()} BEFORE ${verb} ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END`,
  ),
  postgres: [
    `CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$`,
    'CREATE TRIGGER tr_audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()',
  ],
};

/** Users, their sessions, and the audit log. */
export class FirstSchema1763800000000 implements MigrationInterface {
  readonly name = 'FirstSchema1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [users, sessions, auditEvents]) await runner.createTable(table);
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const statement of isPostgres ? appendOnly.postgres : appendOnly.sqlite) await runner.query(statement);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
