import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const tokens = new Table({
  name: 'api_token',
  columns: [
    { name: 'id', type: 'varchar', length: '36', isPrimary: true, primaryKeyConstraintName: 'pk_api_token' },
    { name: 'name', type: 'varchar', length: '64' },
    { name: 'token_hash', type: 'varchar', length: '64' },
    { name: 'scopes', type: 'text', isNullable: true },
    { name: 'owner', type: 'varchar', length: '64' },
    { name: 'created_at', type: 'bigint' },
    { name: 'expires_at', type: 'bigint', isNullable: true },
    { name: 'last_used_at', type: 'bigint', isNullable: true },
  ],
  uniques: [{ name: 'uq_api_token_token_hash', columnNames: ['token_hash'] }],
  indices: [{ name: 'ix_api_token_created', columnNames: ['created_at', 'id'] }],
});

/** Tokens with which programs read and report. */
export class ApiTokens1764100100000 implements MigrationInterface {
  readonly name = 'ApiTokens1764100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(tokens);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
