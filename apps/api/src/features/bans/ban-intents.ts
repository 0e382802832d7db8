import { randomUUID } from 'node:crypto';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { IntentEntity, type IntentKind } from './intent.entity.ts';

/** Today there is one fail2ban server. */
const server = 'local';
/** An operation whose end was never noted is over after this time, in milliseconds. */
const longestMs = 30 * 60_000;
/** Intents are forgotten after this time, in milliseconds: what they explain was archived long before. */
const keptMs = 7 * 86_400_000;
/** Intents looked at for one piece of history. */
const maxIntents = 1_000;

/** What somebody asks fail2ban for through BanGUI. */
export interface Intent {
  readonly kind: IntentKind;
  /** Null for all jails. */
  readonly jail: string | null;
  /** Null for every address. */
  readonly networks: readonly Network[] | null;
  readonly actor: string;
  readonly reason: string | null;
}

/** An intent with the time in which fail2ban acted on it. */
export interface DatedIntent extends Intent {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/**
 * Who asked for bans and unbans, for whoever archives them. They are in the database, because another instance than the one
 * that archives may have been asked.
 */
@Injectable()
export class BanIntents {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Runs the work with the intent left before it. What the work throws is thrown. */
  async during<T>({ networks, ...intent }: Intent, work: () => Promise<T>): Promise<T> {
    const id = randomUUID();
    const createdAt = this.clock.now();
    await this.database.write(async (manager) => {
      const intents = manager.getRepository(IntentEntity);
      await intents.insert({
        ...intent,
        id,
        server,
        networks: networks && networks.map(String),
        createdAt,
        finishedAt: null,
      });
      await manager
        .createQueryBuilder()
        .delete()
        .from(IntentEntity)
        .where('created_at < :before', { before: createdAt - keptMs })
        .execute();
    });
    try {
      return await work();
    } finally {
      await this.database.write(async (manager) => {
        await manager.getRepository(IntentEntity).update({ id }, { finishedAt: this.clock.now() });
      });
    }
  }

  /** Intents on which fail2ban may have acted in this time (epoch milliseconds), the latest first. */
  async between(from: number, until: number): Promise<DatedIntent[]> {
    const rows = await this.database.read
      .getRepository(IntentEntity)
      .createQueryBuilder('intent')
      .where('intent.server = :server AND intent.createdAt > :from AND intent.createdAt <= :until', {
        server,
        from: from - longestMs,
        until,
      })
      .orderBy('intent.createdAt', 'DESC')
      .limit(maxIntents)
      .getMany();
    return rows
      .map((row) => ({
        kind: row.kind,
        jail: row.jail,
        networks: row.networks?.flatMap((text) => Network.parse(text) ?? []) ?? null,
        actor: row.actor,
        reason: row.reason,
        from: row.createdAt,
        until: row.finishedAt ?? row.createdAt + longestMs,
      }))
      .filter((intent) => intent.until >= from);
  }
}
