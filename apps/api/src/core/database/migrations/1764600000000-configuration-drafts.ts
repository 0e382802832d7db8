import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const primaryKeyConstraintName = 'pk_config_draft';

const drafts = new Table({
  name: 'config_draft',
  columns: [
    { name: 'server', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName },
    { name: 'user_id', type: 'varchar', length: '36', isPrimary: true, primaryKeyConstraintName },
    { name: 'path', type: 'varchar', length: '255', isPrimary: true, primaryKeyConstraintName },
    { name: 'etag', type: 'varchar', length: '64', isNullable: true },
    { name: 'content', type: 'text' },
    { name: 'saved_at', type: 'bigint' },
  ],
  indices: [{ name: 'ix_config_draft_saved_at', columnNames: ['saved_at'] }],
});

/** Changes of fail2ban's configuration that were begun and not applied. */
export class ConfigurationDrafts1764600000000 implements MigrationInterface {
  readonly name = 'ConfigurationDrafts1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(drafts);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
