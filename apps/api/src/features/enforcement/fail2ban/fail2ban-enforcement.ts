import { type EnforcerReport } from '@bangui/enforcement';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { Settings } from '../../../core/config/settings.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { defineTask } from '../../../core/tasks/task.ts';
import { TaskRegistry } from '../../../core/tasks/task-registry.ts';
import { version } from '../../../core/version.ts';
import { EnforcementService, fail2banEnforcer } from '../enforcement.service.ts';
import { enforcementChanged } from '../enforcement-events.ts';
import { WantedAnswers } from '../wanted-answers.ts';
import { WantedSource } from '../wanted-source.ts';
import { ListBans } from './list-bans.ts';
import { ProvisionedJails } from './provisioned-jails.ts';

/** Bans are compared this often, in milliseconds: somebody may have lifted one. */
const lookEveryMs = 15_000;

/** Enforces the lists with a jail, where that is chosen; on the instance that runs the tasks. */
@Injectable()
export class Fail2banEnforcement implements OnModuleInit {
  private endPause: () => void = () => undefined;
  private last = { generation: -1, appliedAt: 0 };

  constructor(
    private readonly settings: Settings,
    private readonly jails: ProvisionedJails,
    private readonly bans: ListBans,
    private readonly answers: WantedAnswers,
    private readonly source: WantedSource,
    private readonly enforcement: EnforcementService,
    private readonly tasks: TaskRegistry,
    private readonly clock: Clock,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    if (this.settings.enforcement !== 'fail2ban') return;
    this.source.onChange(() => this.endPause());
    this.events.on(enforcementChanged, () => this.endPause());
    this.tasks.register(
      defineTask({
        id: 'enforce_lists',
        title: 'Ban what lists block in fail2ban',
        schedule: { kind: 'continuous' },
        run: async ({ signal }) => {
          while (!signal.aborted) {
            const pause = this.pause(signal);
            await this.look(signal);
            await pause;
          }
          return undefined;
        },
      }),
    );
  }

  private async look(signal: AbortSignal): Promise<void> {
    const report = await this.enforce(signal);
    if (!signal.aborted) await this.enforcement.keep(report);
  }

  /** Never rejects: what went wrong is what it reports. */
  private async enforce(signal: AbortSignal): Promise<EnforcerReport> {
    const common = { id: fail2banEnforcer, name: fail2banEnforcer, version, trial: null, repaired: [] };
    try {
      const current = await this.answers.current();
      await this.jails.ensure();
      const { bans, changes } = await this.bans.apply(current.wanted.blocked, signal);
      const { resync, fencing, generation, blockedHash, placement } = current.version;
      const isRepair = changes > 0 && generation === this.last.generation;
      if (changes > 0 || generation !== this.last.generation) this.last = { generation, appliedAt: this.clock.now() };
      return {
        ...common,
        state: 'applied',
        applied: {
          ...{ resync, fencing, generation, blockedHash, placement },
          blockedEntries: bans,
          allowedEntries: 0,
          ...{ memoryBytes: 0, droppedPackets: 0, droppedBytes: 0 },
          appliedAt: this.last.appliedAt,
        },
        repaired: isRepair ? ['entries'] : [],
        problem: null,
      };
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return { ...common, state: 'failed', applied: null, problem: words.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 500) };
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => resolve(undefined);
    this.endPause = end;
    signal.addEventListener('abort', end, { once: true });
    const timer = setTimeout(end, lookEveryMs);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
