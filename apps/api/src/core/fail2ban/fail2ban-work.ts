import { Fail2banClient } from '@bangui/fail2ban';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { defineTopic, InstanceBus, membersOf } from '../instances/index.ts';

/** Longest silence of an idle fail2ban before it counts as offline, in milliseconds. The promise is 3 s. */
export const maxSilenceMs = 2_900;

/** How often others are told of a long command, in milliseconds. */
const tellEveryMs = 500;
/** A message holds for this long, in milliseconds: one or two may be lost. */
const holdsMs = 1_500;

/** fail2ban works on a long command of the sender, which may take this much longer, in milliseconds. */
const longWork = defineTopic<{ readonly leftMs: number }>('fail2ban-work', (payload) => {
  const { leftMs } = membersOf(payload);
  return typeof leftMs === 'number' && leftMs > 0 ? { leftMs } : undefined;
});

/**
 * Whether fail2ban works for BanGUI: it has one thread, so whoever asks meanwhile waits, also when another instance gave it
 * the work.
 */
@Injectable()
export class Fail2banWork implements OnModuleInit, BeforeApplicationShutdown {
  private othersUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: Fail2banClient,
    private readonly bus: InstanceBus,
  ) {}

  onModuleInit(): void {
    if (!this.bus.isShared) return;
    this.bus.on(longWork, {
      take: ({ leftMs }) => {
        this.othersUntil = performance.now() + Math.min(leftMs, holdsMs);
      },
      // It is told again twice a second.
      readAgain: () => undefined,
    });
    this.timer = setInterval(() => this.tell(), tellEveryMs).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Whether fail2ban works on a command of this instance that is within its limit. */
  get isOurs(): boolean {
    const command = this.client.inFlight;
    return command !== undefined && performance.now() - command.startedAt < command.limitMs;
  }

  /** Whether it works on a long command of another instance. */
  get isOfOthers(): boolean {
    return performance.now() < this.othersUntil;
  }

  private tell(): void {
    const command = this.client.inFlight;
    // Pings and polls are no work: two instances that wait for a hung server must not take each other's waiting for it.
    if (!command || command.limitMs <= maxSilenceMs + 100) return;
    const leftMs = Math.round(command.startedAt + command.limitMs - performance.now());
    if (leftMs > 0) this.bus.publish(longWork, { leftMs });
  }
}
