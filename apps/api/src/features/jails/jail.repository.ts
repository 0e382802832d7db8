import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { JailEntity } from './jail.entity.ts';

/** Today there is one fail2ban server. */
const server = 'local';
/** Colours of the chart palette. */
const colours = 12;
/** Jails that are remembered at most; far more than a fail2ban server can run. */
const maxJails = 5_000;

/** What BanGUI itself keeps of jails. */
@Injectable()
export class JailRepository {
  constructor(private readonly database: Database) {}

  /** Colours by jail. */
  async colours(): Promise<Map<string, number>> {
    const rows = await this.database.read.getRepository(JailEntity).find({ where: { server }, take: maxJails });
    return new Map(rows.map(({ name, colour }) => [name, colour]));
  }

  /** Gives each of these jails the next free colour, in order; 0 when none is left. Resolves to all colours. */
  handOut(names: readonly string[]): Promise<Map<string, number>> {
    return this.database.write(async (manager) => {
      // Another instance may do the same at this moment.
      await this.database.exclusively(manager, 'jail-colours');
      const jails = manager.getRepository(JailEntity);
      const rows = await jails.find({ where: { server }, take: maxJails });
      const known = new Map(rows.map(({ name, colour }) => [name, colour]));
      let next = Math.max(0, ...known.values()) + 1;
      const added = names.filter((name) => !known.has(name)).slice(0, maxJails - known.size);
      for (const name of added) {
        known.set(name, next <= colours ? next : 0);
        next += 1;
      }
      if (added.length > 0) {
        await jails.insert(added.map((name) => ({ server, name, colour: known.get(name) ?? 0, idleIn: null })));
      }
      return known;
    });
  }

  /** Jails that the fail2ban with this start was told to let rest. */
  async idleIn(startedAt: number): Promise<string[]> {
    const rows = await this.database.read
      .getRepository(JailEntity)
      .find({ where: { server, idleIn: startedAt }, take: maxJails });
    return rows.map(({ name }) => name);
  }

  /** Remembers that a jail rests, or (null) no longer does. */
  async setIdleIn(name: string, startedAt: number | null): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.getRepository(JailEntity).update({ server, name }, { idleIn: startedAt });
    });
  }
}
