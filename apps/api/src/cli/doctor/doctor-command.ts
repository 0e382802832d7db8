import { Fail2banClient } from '@bangui/fail2ban';
import { loadSettings } from '../../core/config/load-settings.ts';
import { version } from '../../core/version.ts';
import { readFlags } from '../command-arguments.ts';
import { type CommandIo } from '../command-io.ts';
import { clockCheck, fail2banDatabaseCheck, logCheck, socketCheck } from './fail2ban-checks.ts';
import { type Check, type Finding, lookAt } from './finding.ts';
import { configurationCheck, databaseCheck, diskCheck, firewallCheck, programsCheck } from './machine-checks.ts';
import { reloadCheck } from './reload-check.ts';

/** Largest answer that is read from a socket that may be anybody's, in bytes. */
const maxAnswerBytes = 64 * 1024;

const checks: readonly Check[] = [
  socketCheck,
  databaseCheck,
  clockCheck,
  logCheck,
  fail2banDatabaseCheck,
  configurationCheck,
  programsCheck,
  reloadCheck,
  firewallCheck,
  diskCheck,
];

/** Carries out `bangui doctor`: looks, and changes nothing. Answers 1 when there is a problem, else 0. */
export async function doctorCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const { json } = readFlags('doctor', args, ['json']);
  const settings = loadSettings(io.env);
  const client = new Fail2banClient({ socketPath: settings.fail2banSocket, maxAnswerBytes });
  const findings: Finding[] = [];
  try {
    for (const check of checks) {
      const found = await lookAt(check, { settings, client, env: io.env });
      findings.push(...found);
      if (!json) for (const finding of found) tell(finding, io);
    }
  } finally {
    await client.close();
  }
  const count = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (json) io.out(JSON.stringify({ version, problems, warnings, findings }));
  else io.tell(`BanGUI ${version}: ${problems} problems, ${warnings} warnings. Nothing was changed.`);
  return problems > 0 ? 1 : 0;
}

function tell({ state, check, found, remedy }: Finding, io: CommandIo): void {
  io.out(`${state.padEnd(7)}  ${check.padEnd(17)}  ${found}`);
  if (remedy !== undefined) io.out(`${' '.repeat(28)}→ ${remedy}`);
}
