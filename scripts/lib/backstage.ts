import { join } from 'node:path';
import { startDemoServer, writeTraffic } from '../demo/server.ts';
import { type Children } from './children.ts';
import { prepareFail2ban } from './fail2ban-package.ts';
import { checkout } from './paths.ts';
import { type Fail2banChoice, pickFail2ban } from './pick-fail2ban.ts';

/** What the API needs to know about where it runs. */
export interface Backstage {
  /** The environment for the API. */
  readonly env: NodeJS.ProcessEnv;
  /** Lines that tell a person which fail2ban, database and logs are in use. */
  readonly lines: readonly string[];
}

/** How it is to be prepared. */
export interface BackstageOptions {
  /** Folder for the database and the private fail2ban. */
  readonly dir: string;
  /** A private fail2ban, whatever else there is. */
  readonly isDemo: boolean;
  /** Ends the made-up log lines. */
  readonly signal: AbortSignal;
}

const demoWanted: Fail2banChoice = {
  kind: 'demo',
  reason: 'This is a private fail2ban with made-up attackers, as asked for with --demo.',
};

/** Picks fail2ban, starts a private one with traffic if there is no other, and makes the API's environment. */
export async function prepareBackstage(children: Children, options: BackstageOptions): Promise<Backstage> {
  const { dir, isDemo, signal } = options;
  const env: NodeJS.ProcessEnv = { ...process.env };
  // What threads have freed is otherwise kept apart for each of them.
  setUnlessGiven(env, 'MALLOC_ARENA_MAX', '2');
  const choice = isDemo ? demoWanted : await pickFail2ban(env);
  const lines: string[] = [];
  if (choice.kind === 'demo') {
    const tool = await prepareFail2ban();
    const places = await startDemoServer(children, tool, join(dir, 'demo'));
    void writeTraffic(places, signal);
    setUnlessGiven(env, 'BANGUI_FAIL2BAN_SOCKET', places.socketPath);
    setUnlessGiven(env, 'BANGUI_FAIL2BAN_CONFIG_DIR', places.configDir);
    setUnlessGiven(env, 'BANGUI_FAIL2BAN_CLIENT', tool.client);
    setUnlessGiven(env, 'BANGUI_FAIL2BAN_PYTHON', tool.python);
    setUnlessGiven(env, 'BANGUI_DEMO_REASON', choice.reason);
    lines.push(
      `  fail2ban   ${choice.reason}`,
      `             socket ${shown(places.socketPath)}, configuration ${shown(places.configDir)}`,
      `             logs in ${shown(places.logDir)}; failed logins from documentation addresses keep coming`,
      `             ask it: ${shown(tool.client)} -c ${shown(places.configDir)} banned`,
    );
  } else {
    const whose = choice.kind === 'machine' ? "this machine's own" : 'as given by BANGUI_FAIL2BAN_SOCKET';
    setUnlessGiven(env, 'BANGUI_FAIL2BAN_SOCKET', choice.socketPath);
    lines.push(`  fail2ban   ${whose}: ${choice.socketPath}`);
  }
  if (isGiven(env, 'BANGUI_DATABASE_URL')) lines.push('  Database   PostgreSQL, as given by BANGUI_DATABASE_URL');
  else {
    setUnlessGiven(env, 'BANGUI_DATABASE_PATH', join(dir, 'bangui.sqlite3'));
    lines.push(`  Database   ${shown(env['BANGUI_DATABASE_PATH'] ?? 'as given by BANGUI_DATABASE_PATH_FILE')}`);
  }
  return { env, lines };
}

/** Address and port the API is to listen on, as far as the environment gives them. A bad port is left for the API to refuse. */
export function listenPlace(env: NodeJS.ProcessEnv): { host: string; port: number } {
  const port = Number(env['BANGUI_PORT'] ?? '8000');
  return {
    host: env['BANGUI_HOST'] ?? '127.0.0.1',
    port: Number.isInteger(port) && port >= 0 && port < 65_536 ? port : 0,
  };
}

/** A path as one would type it in the checkout. */
export function shown(path: string): string {
  return path.startsWith(`${checkout}/`) ? path.slice(checkout.length + 1) : path;
}

function isGiven(env: NodeJS.ProcessEnv, name: string): boolean {
  return env[name] !== undefined || env[`${name}_FILE`] !== undefined;
}

function setUnlessGiven(env: NodeJS.ProcessEnv, name: string, value: string): void {
  if (!isGiven(env, name)) env[name] = value;
}
