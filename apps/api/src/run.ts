import { writeFile } from 'node:fs/promises';
import { createApp } from './bootstrap.ts';
import { BadSettings, configurationExitCode, loadSettings } from './core/config/load-settings.ts';
import { environmentReference } from './core/config/environment-reference.ts';
import { type Settings } from './core/config/settings.ts';
import { stopOnSignals } from './core/lifecycle/stop-on-signals.ts';
import { Log } from './core/logging/log.ts';
import { logEvents } from './core/logging/log-events.ts';
import { StartRefused } from './core/start-refused.ts';
import { version } from './core/version.ts';

function complain(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `bangui: ${line}\n`).join(''));
}

function settingsOrExit(): Settings {
  try {
    return loadSettings(process.env);
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error;
    complain(error.problems);
    process.exit(configurationExitCode);
  }
}

/** Runs BanGUI as a process: `--openapi FILE`, `--environment FILE` and `--commands FILE` write a reference and end; otherwise it serves. */
export async function run(args: readonly string[]): Promise<void> {
  if (args.length > 0) return writeReference(args);
  const settings = settingsOrExit();
  try {
    await serve(settings);
  } catch (error) {
    // What a person can mend is said in a sentence; anything else is a mistake of ours and needs its stack.
    complain(
      error instanceof StartRefused
        ? error.message.split('\n')
        : [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    );
    process.exit(error instanceof StartRefused ? error.exitCode : 1);
  }
}

async function serve(settings: Settings): Promise<void> {
  // Whatever we write, the database above all, is nobody else's to read.
  process.umask(0o077);
  const app = await createApp(settings);
  try {
    await app.listen(settings.port, settings.host);
  } catch (error) {
    await app.close();
    throw new StartRefused(
      `Cannot listen on ${settings.host}:${settings.port}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const log = app.get(Log);
  // A forgotten promise is a mistake of ours, but no reason to leave the server without its portal.
  process.on('unhandledRejection', (error) => log.error(logEvents.unhandledRejection, { error }));
  log.info(logEvents.started, { version, url: await app.getUrl(), pid: process.pid });
  stopOnSignals(app);
}

async function writeReference([kind, file, ...rest]: readonly string[]): Promise<void> {
  const kinds = ['--openapi', '--environment', '--commands'];
  if (file === undefined || rest.length > 0 || kind === undefined || !kinds.includes(kind)) {
    complain([`usage: main.js [${kinds.map((name) => `${name} FILE`).join(' | ')}]`]);
    process.exit(64);
  }
  if (kind === '--environment') return writeFile(file, environmentReference());
  if (kind === '--commands') return writeFile(file, (await import('./cli/help/index.ts')).commandReference());
  const { openApiDocument } = await import('./openapi-document.ts');
  return writeFile(file, `${JSON.stringify(await openApiDocument(), null, 2)}\n`);
}
