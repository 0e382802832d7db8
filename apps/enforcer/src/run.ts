import { Enforcer } from './enforcer.ts';
import { KernelApplier } from './kernel-applier.ts';
import { Log, wordsOf } from './log.ts';
import { Programs } from './programs.ts';
import { BadSettings, configurationExitCode, loadSettings, loadStateDir } from './settings.ts';
import { StateFolder } from './state-folder.ts';
import { ownVersion } from './version.ts';

const USAGE = `usage: bangui-enforcer           keep the kernel as BanGUI wants it
       bangui-enforcer remove    remove every rule and set of BanGUI; stop the enforcer first
       bangui-enforcer --version`;

/** Runs the program. @returns its exit status */
export async function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    if (args.length === 0) return await enforce(environment);
    if (args.length === 1 && args[0] === 'remove') return await remove(environment);
    if (args.length === 1 && args[0] === '--version') return say(ownVersion());
    complain(USAGE);
    return 64;
  } catch (error) {
    complain(error instanceof BadSettings ? error.message : wordsOf(error));
    return error instanceof BadSettings ? configurationExitCode : 1;
  }
}

async function enforce(environment: NodeJS.ProcessEnv): Promise<number> {
  const settings = loadSettings(environment);
  const log = new Log(settings.logLevel);
  const folder = new StateFolder(settings.stateDir);
  await folder.open();
  const stop = new AbortController();
  const enforcer = new Enforcer(settings, folder, new Programs(), log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  process.on('SIGHUP', () => enforcer.lookNow());
  log.at('info', 'enforcer_started', { version: ownVersion(), name: settings.name, pid: process.pid });
  try {
    await enforcer.run(stop.signal);
  } finally {
    await folder.close();
  }
  log.at('info', 'enforcer_stopped');
  return 0;
}

async function remove(environment: NodeJS.ProcessEnv): Promise<number> {
  const folder = new StateFolder(loadStateDir(environment));
  // One that runs would put everything back.
  await folder.open();
  try {
    await new KernelApplier(new Programs()).remove();
    await folder.forget();
  } finally {
    await folder.close();
  }
  return say('Every rule and set of BanGUI is removed. The next activation has to be confirmed again.');
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string): void {
  process.stderr.write(
    text
      .split('\n')
      .map((line) => `bangui-enforcer: ${line}\n`)
      .join(''),
  );
}
