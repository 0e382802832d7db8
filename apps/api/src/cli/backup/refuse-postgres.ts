import { type Settings } from '../../core/config/settings.ts';
import { StartRefused } from '../../core/start-refused.ts';

/** PostgreSQL has programs of its own for this, which know its versions. @throws StartRefused where it is used */
export function refusePostgres({ databaseUrl }: Pick<Settings, 'databaseUrl'>): void {
  if (databaseUrl === undefined) return;
  throw new StartRefused(
    [
      'BANGUI_DATABASE_URL names a PostgreSQL database, which is backed up and brought back by its own programs:',
      'pg_dump --format=custom --file=bangui.dump "$BANGUI_DATABASE_URL"',
      'pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$BANGUI_DATABASE_URL" bangui.dump',
      'Keep BANGUI_SECRET_KEY and the folder of BANGUI_PLUGINS_DIR beside it. More: docs/guide/backup.md',
    ].join('\n'),
  );
}
