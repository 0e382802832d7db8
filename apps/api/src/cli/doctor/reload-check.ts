import { resolve } from 'node:path';
import { dryRun, ProgramFailed } from '@bangui/fail2ban-config';
import { askLimitMs, type Check, finder } from './finding.ts';

/** Faults that are told one by one. */
const maxTold = 3;

/**
 * What a reload would meet: fail2ban's own reader goes through the whole configuration, with the rights and the Python modules that
 * BanGUI has. Where it finds a fault, BanGUI refuses to reload, and every change.
 */
export const reloadCheck: Check = {
  name: 'reload',
  async look({ settings }) {
    const { ok, warning, problem } = finder('reload');
    const programs = { client: settings.fail2banClient, python: settings.fail2banPython };
    let run;
    try {
      run = await dryRun(programs, resolve(settings.fail2banConfigDir), { timeoutMs: askLimitMs });
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
      const why = error.reason === 'timeout' ? `It took more than ${askLimitMs / 1000} s` : error.message;
      return [
        warning(
          `Whether fail2ban would load its configuration was not found out. ${why}.`,
          'See "configuration" and "programs".',
        ),
      ];
    }
    const { problems, jails } = run;
    if (problems.length === 0) return [ok(`fail2ban's own reader takes its configuration: ${jails.length} jails.`)];
    const findings = problems.slice(0, maxTold).map(({ jail, option, message }) => {
      const where = [jail, option].filter((part) => part !== null).join(', ');
      return problem(
        `fail2ban would not load its configuration${where === '' ? '' : ` (${where})`}: ${message}`,
        'Mend it in the configuration folder, or install what it asks for, also where BanGUI runs. Until then fail2ban goes on as it is, and BanGUI refuses to reload it.',
      );
    });
    if (problems.length <= maxTold) return findings;
    return [
      ...findings,
      problem(`There are ${problems.length - maxTold} more faults of that kind.`, 'Mend these first.'),
    ];
  },
};
