import { type Database } from '../database/database.ts';
import { InstallationEntity } from './installation.entity.ts';

/** The id of this installation, the same for all instances that share its database. */
export async function installationId(database: Database): Promise<string> {
  const row = await database.read.manager.findOneByOrFail(InstallationEntity, { slot: 1 });
  return row.id;
}
