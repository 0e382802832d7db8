import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const policy = new Table({
  name: 'enforcement_policy',
  columns: [
    {
      name: 'server',
      type: 'varchar',
      length: '64',
      isPrimary: true,
      primaryKeyConstraintName: 'pk_enforcement_policy',
    },
    { name: 'placement', type: 'varchar', length: '16' },
    { name: 'resync_at', type: 'bigint' },
  ],
});

const states = new Table({
  name: 'enforcement_state',
  columns: [
    {
      name: 'server',
      type: 'varchar',
      length: '64',
      isPrimary: true,
      primaryKeyConstraintName: 'pk_enforcement_state',
    },
    { name: 'id', type: 'varchar', length: '36', isPrimary: true, primaryKeyConstraintName: 'pk_enforcement_state' },
    { name: 'report', type: 'text', isNullable: true },
    { name: 'first_seen_at', type: 'bigint' },
    { name: 'last_seen_at', type: 'bigint' },
    { name: 'drift', type: 'text', isNullable: true },
    { name: 'drift_at', type: 'bigint', isNullable: true },
    { name: 'confirmed_trial', type: 'bigint', isNullable: true },
  ],
});

/** How lists are enforced, and what each enforcer last said. */
export class Enforcement1764300000000 implements MigrationInterface {
  readonly name = 'Enforcement1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(policy);
    await runner.createTable(states);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
