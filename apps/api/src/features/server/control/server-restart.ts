import { setTimeout as pause } from 'node:timers/promises';
import { type ProgramResult, runProgram } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { Settings } from '../../../core/config/settings.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { type Operation } from '../../../core/operations/index.ts';
import { JailLoading } from '../../jails/index.ts';
import { Fail2banWatcher, ServerChanges } from '../index.ts';
import { type RestartAbility } from './server-control.dto.ts';
import { RestartFailed, RestartNotPossible } from './server-control.errors.ts';

/** fail2ban lifts every ban before it ends, which takes long where there are many. In milliseconds. */
const programMs = 120_000;
/** Until fail2ban answers again with its jails, in milliseconds. */
const comeBackMs = 60_000;
const lookAgainMs = 250;
const maxOutputBytes = 1024 * 1024;

/** Whether BanGUI can restart fail2ban with what it was given. */
export function restartAbility(program: string | undefined): RestartAbility {
  if (program !== undefined) return { isPossible: true, reason: null };
  const reason =
    'BanGUI was given no way to restart fail2ban. Restart it where it runs (`systemctl restart fail2ban`, or its container), or set BANGUI_FAIL2BAN_RESTART to the program that does it.';
  return { isPossible: false, reason };
}

/** Restarts fail2ban with the program that the settings name. */
@Injectable()
export class ServerRestart {
  constructor(
    private readonly settings: Settings,
    private readonly server: Fail2banWatcher,
    private readonly jails: JailLoading,
    private readonly changes: ServerChanges,
    private readonly clock: Clock,
  ) {}

  /** @throws {RestartNotPossible}, {@link ConfigurationBroken} before anything was done; {@link RestartFailed} */
  restart(requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'restart',
      action: 'server.restart',
      subject: null,
      requester,
      check: async () => {
        const { isPossible, reason } = restartAbility(this.settings.fail2banRestart);
        if (!isPossible) throw new RestartNotPossible(reason ?? '');
        // A fault in one jail would leave fail2ban without any.
        const { jails } = await this.jails.verify();
        return jails.map(({ name }) => name);
      },
      work: async (expected) => {
        const before = this.server.state.startedAt;
        await this.run();
        await this.waitFor(expected, before);
        const missing = expected.filter((name) => !this.server.jails.has(name));
        return {
          outcome: { missing },
          before: { startedAt: before },
          after: { startedAt: this.server.state.startedAt },
        };
      },
    });
  }

  private async run(): Promise<void> {
    const [program = '', ...args] = this.settings.fail2banRestart?.split(' ') ?? [];
    let result: ProgramResult;
    try {
      result = await runProgram(program, args, { timeoutMs: programMs, maxOutputBytes });
    } catch (cause) {
      throw new RestartFailed(cause instanceof Error ? cause.message : 'the reason is not known.', { cause });
    }
    if (result.exitCode === 0) return;
    const words = result.stderr.trim().slice(-500);
    throw new RestartFailed(`${program} ended with ${result.exitCode ?? 'a signal'}. ${words}`);
  }

  /** Until another fail2ban answers and has its jails: it answers before it has them. */
  private async waitFor(jails: readonly string[], startedBefore: number | null): Promise<void> {
    const until = this.clock.monotonic() + comeBackMs;
    while (this.clock.monotonic() < until) {
      await this.server.refresh();
      const { isOnline, startedAt } = this.server.state;
      const isAnother = startedBefore === null || startedAt !== startedBefore;
      if (isOnline && isAnother && jails.every((name) => this.server.jails.has(name))) return;
      await pause(lookAgainMs);
    }
    if (!this.server.state.isOnline) throw new RestartFailed(`it did not answer within ${comeBackMs / 1000} s.`);
  }
}
