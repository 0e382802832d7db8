import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** How far SQLite's index of the matched lines has come; up to here it was written together with the rows. */
export class TextPosition1764550000000 implements MigrationInterface {
  readonly name = 'TextPosition1764550000000';

  async up(runner: QueryRunner): Promise<void> {
    // PostgreSQL's index follows by itself.
    if (runner.dataSource.options.type === 'postgres') return;
    await runner.query('CREATE TABLE history_text_position (id integer NOT NULL)');
    await runner.query('INSERT INTO history_text_position (id) SELECT coalesce(max(id), 0) FROM history_archive');
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
