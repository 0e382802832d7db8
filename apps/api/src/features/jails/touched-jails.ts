import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InstanceBus } from '../../core/instances/index.ts';
import { Fail2banWatcher, fail2banTouched } from '../server/index.ts';
import { IdleJails } from './idle-jails.ts';
import { JailProver } from './jail-prover.ts';
import { JailsService } from './jails.service.ts';

/**
 * Follows what other instances change: what they told fail2ban to let rest, and whether the jail is still armed. Everything
 * else of a jail this instance reads from fail2ban all the time.
 */
@Injectable()
export class TouchedJails implements OnModuleInit {
  /** Tail of the looks; jails wait in `touched`, so that a flood of messages makes one look. */
  private looking: Promise<void> | undefined;
  private readonly touched = new Set<string | null>();

  constructor(
    private readonly bus: InstanceBus,
    private readonly server: Fail2banWatcher,
    private readonly idle: IdleJails,
    private readonly prover: JailProver,
    private readonly jails: JailsService,
  ) {}

  onModuleInit(): void {
    this.bus.on(fail2banTouched, { take: ({ jail }) => this.look(jail), readAgain: () => this.look(null) });
  }

  private look(jail: string | null): void {
    this.touched.add(jail);
    this.looking ??= this.lookAtAll().finally(() => {
      this.looking = undefined;
    });
  }

  /** Never rejects. */
  private async lookAtAll(): Promise<void> {
    while (this.touched.size > 0) {
      const names = this.touched.has(null) ? [...this.server.jails.keys()] : [...this.touched].filter(isNamed);
      this.touched.clear();
      this.jails.tell(await this.idle.readAgain());
      for (const name of names) {
        if (!this.server.state.isOnline) return;
        // It went away, or the server did: the watcher tells.
        if (this.server.jails.has(name)) await this.prover.prove(name).catch(() => undefined);
      }
    }
  }
}

function isNamed(name: string | null): name is string {
  return name !== null;
}
