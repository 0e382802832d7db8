import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { type Settings } from '../core/config/settings.ts';
import { type Requester } from '../core/http/requester.ts';
import { StartRefused } from '../core/start-refused.ts';

/** A mistyped path must not make a new database, in which what the command does would be of no use. @throws StartRefused */
export async function refuseMissingDatabase({ databaseUrl, databasePath }: Settings): Promise<void> {
  if (databaseUrl !== undefined) return;
  const isThere = await stat(databasePath).then(
    () => true,
    () => false,
  );
  if (!isThere)
    throw new StartRefused(`There is no database ${databasePath}. Start BanGUI once, or set BANGUI_DATABASE_PATH.`);
}

/** Who runs this process, also where the machine has no name for its user, as in containers. */
export function runningAs(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Whoever may read the database may do this; the audit log says that it was the command, and whose. */
export function commandRequester(): Requester {
  return {
    userId: '',
    username: `command:${runningAs()}`,
    sessionId: '',
    address: '127.0.0.1',
    requestId: 'command',
  };
}
