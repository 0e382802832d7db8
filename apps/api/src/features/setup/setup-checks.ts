import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { Fail2banHealth } from '../../core/fail2ban/index.ts';
import { type SetupCheck, type SetupCheckCode } from './setup.dto.ts';

/** The error's code, such as ENOENT, of what the system refused. */
async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  }
}

/** Looks whether everything BanGUI needs is in place, and says in words what is not. */
@Injectable()
export class SetupChecks {
  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly fail2ban: Fail2banHealth,
  ) {}

  /** Never rejects; settles within about 3 s. */
  all(): Promise<SetupCheck[]> {
    return Promise.all([this.socket(), this.configuration(), this.databaseCheck(), this.programs()]);
  }

  private async socket(): Promise<SetupCheck> {
    const path = this.settings.fail2banSocket;
    if ((await this.fail2ban.state()).online)
      return {
        name: 'socket',
        status: 'ok',
        message: `fail2ban answers at ${path}.`,
        reasonCode: 'socket-answers',
        reasonParams: { path },
      };
    const code = await refusal(access(path, constants.R_OK | constants.W_OK));
    const problem = (reasonCode: SetupCheckCode, message: string, remedy: string): SetupCheck => ({
      name: 'socket',
      status: 'problem',
      message,
      remedy,
      reasonCode,
      reasonParams: { path },
    });
    if (code === 'ENOENT') {
      return problem(
        'socket-missing',
        `There is no fail2ban socket at ${path}.`,
        'Start fail2ban, or set BANGUI_FAIL2BAN_SOCKET to where its socket is.',
      );
    }
    if (code === 'EACCES') {
      return problem(
        'socket-forbidden',
        `BanGUI may not use the fail2ban socket ${path}.`,
        'Give the user BanGUI runs as read and write access to the socket.',
      );
    }
    return problem(
      'socket-silent',
      `fail2ban does not answer at ${path}.`,
      'Look at `systemctl status fail2ban` and at the fail2ban log, and restart it.',
    );
  }

  private async configuration(): Promise<SetupCheck> {
    const dir = this.settings.fail2banConfigDir;
    const code =
      (await refusal(access(dir, constants.R_OK | constants.X_OK))) ??
      (await refusal(access(join(dir, 'jail.conf'), constants.R_OK)));
    if (code === undefined)
      return {
        name: 'configuration',
        status: 'ok',
        message: `fail2ban's configuration in ${dir} can be read.`,
        reasonCode: 'configuration-readable',
        reasonParams: { path: dir },
      };
    return {
      name: 'configuration',
      status: 'problem',
      message: `fail2ban's configuration in ${dir} cannot be read (${code}).`,
      remedy:
        'Set BANGUI_FAIL2BAN_CONFIG_DIR to the folder that holds jail.conf, and let the user BanGUI runs as read it.',
      reasonCode: 'configuration-unreadable',
      reasonParams: { path: dir, detail: code },
    };
  }

  private async databaseCheck(): Promise<SetupCheck> {
    const code = await refusal(this.database.read.query('SELECT 1'));
    if (code !== undefined) {
      return {
        name: 'database',
        status: 'problem',
        message: `The database does not answer (${code}).`,
        remedy: "BanGUI's log says more.",
        reasonCode: 'database-silent',
        reasonParams: { detail: code },
      };
    }
    const kind = this.database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL';
    return {
      name: 'database',
      status: 'ok',
      message: `The ${kind} database is ready.`,
      reasonCode: 'database-ready',
      reasonParams: { detail: kind },
    };
  }

  private async programs(): Promise<SetupCheck> {
    const missing: string[] = [];
    for (const program of [this.settings.fail2banClient, this.settings.fail2banPython]) {
      const isProgram = await stat(program).then(
        (found) => found.isFile(),
        () => false,
      );
      if (!isProgram || (await refusal(access(program, constants.X_OK))) !== undefined) missing.push(program);
    }
    if (missing.length === 0)
      return {
        name: 'programs',
        status: 'ok',
        message: "fail2ban's own programs are here to check its configuration.",
        reasonCode: 'programs-found',
        reasonParams: null,
      };
    return {
      name: 'programs',
      status: 'problem',
      message: `Cannot run ${missing.join(' and ')}; without it BanGUI cannot check the configuration before a reload.`,
      remedy:
        'Install the fail2ban package on this machine (it need not run), or set BANGUI_FAIL2BAN_CLIENT and BANGUI_FAIL2BAN_PYTHON.',
      reasonCode: 'programs-missing',
      reasonParams: { path: missing.join(', ') },
    };
  }
}
