import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const jails = new Table({
  name: 'jail',
  columns: [
    { name: 'server', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_jail' },
    { name: 'name', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_jail' },
    { name: 'colour', type: 'integer' },
    { name: 'idle_in', type: 'bigint', isNullable: true },
  ],
});

/** What BanGUI itself keeps of a jail: its colour, and whether it was told to rest. */
export class Jails1763800100000 implements MigrationInterface {
  readonly name = 'Jails1763800100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(jails);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
