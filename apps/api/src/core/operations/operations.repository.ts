import { Injectable } from '@nestjs/common';
import { In, LessThan, Not, type QueryDeepPartialEntity } from 'typeorm';
import { Clock } from '../clock.ts';
import { Database } from '../database/database.ts';
import { nowSql } from '../database/database-clock.ts';
import { type Operation } from './operation.dto.ts';
import { withoutMembers } from './operation-failure.ts';
import { OperationEntity } from './operation.entity.ts';

/** Operations kept; the oldest that have ended make room. */
export const keptOperations = 200;
/** An operation whose instance was silent for this long will never end, in milliseconds. */
export const silenceMs = 60_000;
/** One that nobody ended is forgotten with the others after this time, in milliseconds. */
const longestMs = 86_400_000;

/** The only place with SQL about operations. */
@Injectable()
export class OperationsRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Stores operations as they are now, and forgets the oldest. */
  async save(operations: readonly Operation[]): Promise<void> {
    const now = nowSql(this.database.kind, this.clock.now());
    await this.database.write(async (manager) => {
      for (const operation of operations) {
        // TypeORM's type for new rows does not know that `unknown` columns take any JSON.
        const row = { ...operation, aliveAt: () => now } as QueryDeepPartialEntity<OperationEntity>;
        await manager.upsert(OperationEntity, row, ['id']);
      }
      const rows = await manager.find(OperationEntity, {
        select: { startedAt: true },
        order: { startedAt: 'DESC', id: 'DESC' },
        take: keptOperations,
      });
      const oldest = rows.length < keptOperations ? undefined : rows.at(-1)?.startedAt;
      if (oldest === undefined) return;
      await manager.delete(OperationEntity, { startedAt: LessThan(oldest), status: Not('running') });
      await manager.delete(OperationEntity, { startedAt: LessThan(oldest - longestMs) });
    });
  }

  /** Says that these go on. */
  async keepAlive(ids: readonly string[]): Promise<void> {
    const now = nowSql(this.database.kind, this.clock.now());
    await this.database.write((manager) =>
      manager.update(OperationEntity, { id: In([...ids]) }, { aliveAt: () => now }),
    );
  }

  async find(id: string): Promise<Operation | undefined> {
    const row = await this.database.read.manager.findOneBy(OperationEntity, { id });
    return row ? asOperation(row, await this.now()) : undefined;
  }

  /** The latest, newest first. */
  async latest(count: number): Promise<Operation[]> {
    const rows = await this.database.read.manager.find(OperationEntity, {
      order: { startedAt: 'DESC', id: 'DESC' },
      take: Math.min(count, keptOperations),
    });
    const now = await this.now();
    return rows.map((row) => asOperation(row, now));
  }

  private async now(): Promise<number> {
    const [row] = await this.database.read.query<{ now: number | string }[]>(
      `SELECT ${nowSql(this.database.kind, this.clock.now())} AS now`,
    );
    return Number(row?.now ?? this.clock.now());
  }
}

function asOperation({ aliveAt, outcome, error, ...row }: OperationEntity, now: number): Operation {
  const operation = {
    ...row,
    outcome: typeof outcome === 'object' && outcome !== null ? { ...outcome } : null,
    // The release before kept a code and a sentence only.
    error: error && { ...withoutMembers(error.code, error.detail), ...error },
  };
  if (operation.status !== 'running' || now - aliveAt < silenceMs) return operation;
  return {
    ...operation,
    status: 'failed',
    finishedAt: aliveAt,
    error: withoutMembers(
      'operation-abandoned',
      'The BanGUI that did this has ended. What fail2ban has now shows how far it came.',
    ),
  };
}
