import { type EnforcerReport, type Placement } from '@bangui/enforcement';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { ApiTokenEntity } from '../tokens/index.ts';
import { EnforcerTaken, TooManyEnforcers } from './enforcement.errors.ts';
import { EnforcementPolicyEntity } from './enforcement-policy.entity.ts';
import { EnforcementStateEntity } from './enforcement-state.entity.ts';

const server = 'local';
/** Enforcers that there can be. */
export const maxEnforcers = 500;
/** One that was not heard of for this long makes room for others, in milliseconds. */
const forgottenAfterMs = 7 * 24 * 3_600_000;

/** How lists are enforced. */
export type EnforcementPolicy = Pick<EnforcementPolicyEntity, 'placement' | 'resyncAt'>;

/** The only place with SQL about enforcement. */
@Injectable()
export class EnforcementRepository {
  constructor(private readonly database: Database) {}

  async policy(): Promise<EnforcementPolicy> {
    const row = await this.database.read.manager.findOneBy(EnforcementPolicyEntity, { server });
    return { placement: row?.placement ?? 'raw', resyncAt: row?.resyncAt ?? 0 };
  }

  /** The highest token that the scheduler lock ever had. */
  async fencingToken(): Promise<number> {
    const rows = await this.database.read.query<{ token: unknown }[]>('SELECT token FROM scheduler_fence WHERE id = 1');
    return Number(rows[0]?.token ?? 0);
  }

  /** Changes the policy. @param change a resync is never earlier than the one before */
  async changePolicy(change: { readonly placement?: Placement; readonly resyncAt?: number }): Promise<void> {
    await this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'enforcement-policy');
      const row = await manager.findOneBy(EnforcementPolicyEntity, { server });
      const resyncAt = Math.max(row?.resyncAt ?? 0, change.resyncAt ?? 0);
      await manager.save(
        EnforcementPolicyEntity,
        { server, placement: change.placement ?? row?.placement ?? 'raw', resyncAt },
        { transaction: false },
      );
    });
  }

  /** All that were heard of, in the order in which they came. */
  states(): Promise<EnforcementStateEntity[]> {
    return this.database.read.manager.find(EnforcementStateEntity, {
      where: { server },
      order: { firstSeenAt: 'ASC', id: 'ASC' },
      take: maxEnforcers,
    });
  }

  /**
   * Keeps what an enforcer says. @returns the trial that was confirmed, if there was one
   * @param tokenId the token that it reports with; null for what stands for an enforcer here
   * @throws {TooManyEnforcers | EnforcerTaken}
   */
  async keep({ repaired, ...report }: EnforcerReport, tokenId: string | null, now: number): Promise<number | null> {
    const { id, name } = report;
    return this.database.write(async (manager) => {
      const known = await manager.findOneBy(EnforcementStateEntity, { server, id });
      const isSame = known?.tokenId === tokenId && known.report.name === name;
      if (tokenId !== null && !isSame) await this.refuseTaken(manager, { id, name, tokenId, now });
      const heard = {
        report,
        tokenId,
        lastSeenAt: now,
        ...(repaired.length > 0 && { drift: [...repaired], driftAt: now }),
      };
      if (known) {
        await manager.update(EnforcementStateEntity, { server, id }, heard);
        return known.confirmedTrial;
      }
      await this.database.exclusively(manager, 'enforcement-state');
      await manager
        .createQueryBuilder()
        .delete()
        .from(EnforcementStateEntity)
        .where('server = :server AND last_seen_at < :before', { server, before: now - forgottenAfterMs })
        .execute();
      if ((await manager.countBy(EnforcementStateEntity, { server })) >= maxEnforcers) {
        throw new TooManyEnforcers(maxEnforcers);
      }
      const first = { server, id, firstSeenAt: now, drift: null, driftAt: null, confirmedTrial: null };
      await manager.insert(EnforcementStateEntity, { ...first, ...heard });
      return null;
    });
  }

  /** Two tokens that report the same for the first time at once come one after the other. */
  private async refuseTaken(
    manager: EntityManager,
    {
      id,
      name,
      tokenId,
      now,
    }: { readonly id: string; readonly name: string; readonly tokenId: string; readonly now: number },
  ): Promise<void> {
    await this.database.exclusively(manager, 'enforcement-state');
    const rows = await manager.find(EnforcementStateEntity, { where: { server }, take: maxEnforcers });
    const owners = rows.flatMap((row) =>
      (row.id === id || row.report.name === name) && row.tokenId !== null && row.tokenId !== tokenId
        ? [row.tokenId]
        : [],
    );
    const tokens = await manager.findBy(ApiTokenEntity, { id: In([...new Set(owners)]) });
    // One that was revoked or has expired reports no more: what it reported can go on with another one.
    if (tokens.some(({ expiresAt }) => expiresAt === null || expiresAt > now)) throw new EnforcerTaken(name);
  }

  /** Confirms the trials of these enforcers; each only as long as it goes on. */
  async confirm(trials: readonly { readonly id: string; readonly startedAt: number }[]): Promise<void> {
    await this.database.write(async (manager) => {
      for (const { id, startedAt } of trials) {
        await manager.update(EnforcementStateEntity, { server, id }, { confirmedTrial: startedAt });
      }
    });
  }
}
