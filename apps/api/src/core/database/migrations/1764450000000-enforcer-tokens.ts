import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** Whose token an enforcer reports with; those that are known already belong to the one that reports next. */
export class EnforcerTokens1764450000000 implements MigrationInterface {
  readonly name = 'EnforcerTokens1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn(
      'enforcement_state',
      new TableColumn({ name: 'token_id', type: 'varchar', length: '36', isNullable: true }),
    );
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
