import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const names = new Table({
  name: 'geo_cache',
  columns: [
    { name: 'address', type: 'varchar', length: '64', isPrimary: true, primaryKeyConstraintName: 'pk_geo_cache' },
    { name: 'name', type: 'varchar', length: '255', isNullable: true },
    { name: 'at', type: 'bigint' },
    { name: 'expires_at', type: 'bigint' },
  ],
  indices: [{ name: 'ix_geo_cache_expires_at', columnNames: ['expires_at'] }],
});

/** Reverse names that DNS told. */
export class GeoCache1763800300000 implements MigrationInterface {
  readonly name = 'GeoCache1763800300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(names);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
