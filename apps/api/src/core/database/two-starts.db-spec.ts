import { describe, expect, it } from 'vitest';
import { ApiProcess } from '../../../test/api-process.ts';
import { testSecretKey } from '../../../test/harness.ts';
import { databaseKinds, emptyDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

describe.each(databaseKinds)('two BanGUIs that start at the same time on one empty %s database', (kind) => {
  it('both start, migrate once, and make one administrator', async () => {
    const empty = await emptyDatabase(kind);
    const env = {
      BANGUI_PORT: '0',
      BANGUI_DATABASE_PATH: empty.databasePath,
      ...(empty.databaseUrl !== undefined && { BANGUI_DATABASE_URL: empty.databaseUrl }),
      BANGUI_SECRET_KEY: testSecretKey,
      BANGUI_FAIL2BAN_SOCKET: `${empty.databasePath}.sock`,
      // The second one would refuse to start.
      BANGUI_SCHEDULER_ROLE: 'standby',
      BANGUI_ADMIN_USERNAME: 'admin',
      BANGUI_ADMIN_PASSWORD: 'correct horse battery',
    };
    const processes = [ApiProcess.start(env), ApiProcess.start(env)];
    try {
      const urls = await Promise.all(processes.map((api) => api.url()));
      const logins = await Promise.all(
        urls.map((url) =>
          fetch(`${url}/api/v1/auth/login`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ username: 'admin', password: 'correct horse battery' }),
          }),
        ),
      );
      expect(logins.map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      for (const api of processes) api.kill('SIGKILL');
      await Promise.all(processes.map((api) => api.exit));
    }

    const database = await openDatabase(empty, entities);
    const rows: { name: string }[] = await database.read.query('SELECT name FROM migration ORDER BY id');
    const users: { username: string }[] = await database.read.query('SELECT username FROM "user"');
    await database.close();
    await empty.remove();
    expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
    expect(users).toEqual([{ username: 'admin' }]);
  });
});
