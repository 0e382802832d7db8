import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { type ServerDatabase } from './server.dto.ts';

/** How large BanGUI's own database is. */
@Injectable()
export class DatabaseSize {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
  ) {}

  async read(): Promise<ServerDatabase> {
    const { kind } = this.database;
    return { kind, sizeBytes: kind === 'sqlite' ? await this.ofFiles() : await this.ofServer() };
  }

  /** The database file and its write-ahead log. */
  private async ofFiles(): Promise<number | null> {
    const path = resolve(this.settings.databasePath);
    // The log is there only while the database is in use.
    const sizes = await Promise.all(
      [path, `${path}-wal`].map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0) || null;
  }

  private async ofServer(): Promise<number | null> {
    const [row] = await this.database.read.query<{ size: string }[]>(
      'SELECT pg_database_size(current_database()) AS size',
    );
    return row ? Number(row.size) : null;
  }
}
