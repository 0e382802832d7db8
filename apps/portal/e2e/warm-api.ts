// Runs one built API after the other in the same process: `startWarm` of running-api.ts asks for them.
import { type Server } from 'node:http';
import { Fail2banClient } from '@bangui/fail2ban';
import { type Environment, type WarmAnswer, type WarmRequest } from './running-api.ts';

/** What is used here of the API's settings. */
interface Settings {
  readonly port: number;
  readonly host: string;
}

/** What is used here of Nest's application. */
interface App {
  listen(port: number, host: string): Promise<unknown>;
  getHttpServer(): Server;
  get(token: typeof Fail2banClient): Fail2banClient;
  close(): Promise<void>;
}

const built = new URL('../../api/dist/', import.meta.url);
// The compiled modules bring no types; what is wrong here fails every journey.
const { createApp } = (await import(new URL('bootstrap.js', built).href)) as {
  createApp: (settings: Settings, overrides: { writeLog: (line: string) => void }) => Promise<App>;
};
const { loadSettings } = (await import(new URL('core/config/load-settings.js', built).href)) as {
  loadSettings: (env: Environment) => Settings;
};

let app: App | undefined;

async function start(env: Environment): Promise<WarmAnswer> {
  const settings = loadSettings(env);
  app = await createApp(settings, { writeLog: () => undefined });
  await app.listen(settings.port, settings.host);
  const address = app.getHttpServer().address();
  return typeof address === 'object' && address !== null ? { port: address.port } : { problem: 'no port' };
}

async function stop(): Promise<WarmAnswer> {
  // Whoever waits for a fail2ban that is not there need not wait to the end.
  await app?.get(Fail2banClient).close();
  app?.getHttpServer().closeAllConnections();
  await app?.close();
  app = undefined;
  return { stopped: true };
}

function answer(message: WarmAnswer): void {
  process.send?.(message);
}

process.umask(0o077);
process.on('message', (request: WarmRequest) => {
  ('start' in request ? start(request.start) : stop()).then(answer, (error: unknown) =>
    answer({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
// The worker of the tests has ended.
process.on('disconnect', () => process.exit(0));
