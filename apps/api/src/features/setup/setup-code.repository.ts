import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { SetupCodeEntity } from './setup-code.entity.ts';

/** Codes that count at the same time: more than instances start together. */
const maxCodes = 20;

/** The only place with SQL about codes of set-up. */
@Injectable()
export class SetupCodeRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Adds the code of this instance. An SQLite database has one instance, so only its latest start counts. */
  async add(hash: string): Promise<void> {
    await this.database.write(async (manager) => {
      const createdAt = this.clock.now();
      if (this.database.kind === 'sqlite') await manager.clear(SetupCodeEntity);
      await manager.insert(SetupCodeEntity, { hash, createdAt });
      const kept = await manager.find(SetupCodeEntity, {
        order: { createdAt: 'DESC', hash: 'DESC' },
        take: maxCodes + 1,
      });
      const oldest = kept[maxCodes];
      if (oldest) await manager.delete(SetupCodeEntity, { createdAt: LessThanOrEqual(oldest.createdAt) });
    });
  }

  async has(hash: string): Promise<boolean> {
    return (await this.database.read.manager.findOneBy(SetupCodeEntity, { hash })) !== null;
  }

  /** Nobody needs one any more. */
  async removeAll(): Promise<void> {
    await this.database.write((manager) => manager.createQueryBuilder().delete().from(SetupCodeEntity).execute());
  }
}
