import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const entries = new Table({
  name: 'allowlist_entry',
  columns: [
    { name: 'id', type: 'varchar', length: '36', isPrimary: true, primaryKeyConstraintName: 'pk_allowlist_entry' },
    { name: 'address', type: 'varchar', length: '64' },
    { name: 'first_key', type: 'varchar', length: '32' },
    { name: 'last_key', type: 'varchar', length: '32' },
    { name: 'note', type: 'varchar', length: '500' },
    { name: 'owner', type: 'varchar', length: '64' },
    { name: 'created_at', type: 'bigint' },
    { name: 'changed_at', type: 'bigint' },
    { name: 'expires_at', type: 'bigint', isNullable: true },
    { name: 'is_pushed', type: 'boolean' },
  ],
  uniques: [{ name: 'uq_allowlist_entry_address', columnNames: ['address'] }],
  indices: [
    { name: 'ix_allowlist_entry_created', columnNames: ['created_at', 'id'] },
    { name: 'ix_allowlist_entry_expires_at', columnNames: ['expires_at'] },
  ],
});

/** What was put into fail2ban's ignore lists, so that it can be taken out again: also after a crash in between. */
const pushes = new Table({
  name: 'allowlist_push',
  columns: [
    { name: 'server', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_allowlist_push' },
    { name: 'jail', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_allowlist_push' },
    { name: 'address', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_allowlist_push' },
  ],
});

/** Addresses that are never banned, and where fail2ban was told of them. */
export class Allowlist1764100000000 implements MigrationInterface {
  readonly name = 'Allowlist1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(entries);
    await runner.createTable(pushes);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
