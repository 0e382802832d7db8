import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Clock } from '../../../core/clock.ts';
import { Database } from '../../../core/database/database.ts';
import { AppError } from '../../../core/http/app-error.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { AuditTrail } from '../../audit/index.ts';
import { type BlocklistChange, type NewBlocklist } from '../blocklists.dto.ts';
import { BlocklistUnknown, NothingHeld, TooManyBlocklists } from '../blocklists.errors.ts';
import { type StoredFunnel } from '../run/import-outcome.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { SnapshotsRepository } from '../store/snapshots.repository.ts';
import { BlocklistSourceEntity } from '../store/source.entity.ts';
import { maxSources, SourcesRepository } from '../store/sources.repository.ts';
import { Wanted } from '../wanted/wanted.ts';
import { freeFeedName } from './feed-name.ts';
import { sealedOf, secretsLock, SourceSecrets } from './source-secrets.ts';
import { type CheckedSettings, SourceSettings } from './source-settings.ts';

const defaultIntervalMinutes = 360;
const defaultMaxChangePercent = 50;

/** Changes subscriptions, and decides what is held. Every change and refusal is in the audit log. */
@Injectable()
export class SourceEdits {
  constructor(
    private readonly database: Database,
    private readonly sources: SourcesRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly runs: RunsRepository,
    private readonly settings: SourceSettings,
    private readonly secrets: SourceSecrets,
    private readonly wanted: Wanted,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws {PluginUnknown | SettingsRefused | TooManyBlocklists} */
  async create(request: NewBlocklist, requester: Requester): Promise<BlocklistSourceEntity> {
    const { plugin, name } = request;
    return this.recorded('blocklist.create', name, requester, async () => {
      const checked = await this.settings.check(plugin, request.config, []);
      const now = this.clock.now();
      const id = randomUUID();
      const source = Object.assign(new BlocklistSourceEntity(), {
        id,
        plugin,
        name: name.trim(),
        feedName: '',
        config: checked.config,
        secrets: {},
        intervalMinutes: request.intervalMinutes ?? defaultIntervalMinutes,
        maxChangePercent: request.maxChangePercent ?? defaultMaxChangePercent,
        isEnabled: request.isEnabled ?? true,
        revision: 1,
        validators: null,
        rejectedHash: null,
        createdAt: now,
        changedAt: now,
      });
      await this.database.write(async (manager) => {
        await this.database.exclusively(manager, 'blocklists');
        if ((await this.sources.count(manager)) >= maxSources) throw new TooManyBlocklists(maxSources);
        source.feedName = freeFeedName(source.name, await this.sources.feedNames(manager));
        await this.database.exclusively(manager, secretsLock);
        source.secrets = this.secrets.take(id, request.config, checked.secretFields, {}).secrets;
        await this.sources.add(manager, source);
      });
      return { result: source, after: audited(source) };
    });
  }

  /** @returns the list as it is now, and whether it has to be downloaded anew. @throws {BlocklistUnknown | SettingsRefused} */
  async change(
    id: string,
    change: BlocklistChange,
    requester: Requester,
  ): Promise<{ source: BlocklistSourceEntity; isOther: boolean }> {
    const before = await this.find(id);
    return this.recorded('blocklist.update', before.name, requester, async () => {
      const { config } = change;
      const checked =
        config && (await this.settings.check(before.plugin, config, Object.keys(sealedOf(before.secrets))));
      const edited = await this.database.write(async (manager) => {
        await this.database.exclusively(manager, secretsLock);
        const stored = await this.sources.byId(id, manager);
        if (!stored) throw new BlocklistUnknown();
        const settings = checked && this.changedSettings(stored, config, checked);
        const changed: Partial<BlocklistSourceEntity> = {
          name: change.name?.trim() ?? stored.name,
          intervalMinutes: change.intervalMinutes ?? stored.intervalMinutes,
          maxChangePercent: change.maxChangePercent ?? stored.maxChangePercent,
          isEnabled: change.isEnabled ?? stored.isEnabled,
          changedAt: this.clock.now(),
          // What is downloaded right now belongs to the old settings; so do the validators.
          ...(settings && { ...settings, revision: stored.revision + 1, validators: null, rejectedHash: null }),
        };
        await this.sources.change(manager, id, changed);
        return { changed, isOther: settings !== undefined };
      });
      const { changed } = edited;
      if (changed.isEnabled !== before.isEnabled) this.wanted.refreshSoon();
      const source = Object.assign(new BlocklistSourceEntity(), before, changed);
      const result = { source, isOther: edited.isOther || (source.isEnabled && !before.isEnabled) };
      return { result, before: audited(before), after: audited(source) };
    });
  }

  /** Removes a list with all that was imported of it; what only it held is blocked no more. @throws {BlocklistUnknown} */
  async remove(id: string, requester: Requester): Promise<void> {
    const before = await this.find(id);
    await this.recorded('blocklist.delete', before.name, requester, async () => {
      await this.database.write((manager) => this.sources.remove(manager, id));
      this.wanted.refreshSoon();
      return { result: undefined, before: audited(before) };
    });
  }

  /** Makes the held list count. @throws {BlocklistUnknown | NothingHeld} */
  async confirm(id: string, requester: Requester): Promise<void> {
    const source = await this.find(id);
    await this.recorded('blocklist.confirm', source.name, requester, async () => {
      await this.decide(id, async (manager, runId) => {
        await this.snapshots.confirm(manager, id);
        // What the publisher said belongs to a download that was not stored; the next one is a whole one.
        await this.sources.change(manager, id, { validators: null });
        const message = `Confirmed by ${requester.username}.`;
        await this.runs.decide(manager, runId, { outcome: 'ok', error: null, message });
      });
      this.wanted.refreshSoon();
      return { result: undefined };
    });
  }

  /** Forgets the held list; the same content is not asked about again. @throws {BlocklistUnknown | NothingHeld} */
  async reject(id: string, requester: Requester): Promise<void> {
    const source = await this.find(id);
    await this.recorded('blocklist.reject', source.name, requester, async () => {
      await this.decide(id, async (manager, runId) => {
        // Written by the import itself.
        const funnel = (await this.runs.byId(runId, manager))?.funnel as StoredFunnel | null | undefined;
        await this.snapshots.reject(manager, id);
        await this.sources.change(manager, id, { rejectedHash: funnel?.contentHash ?? null });
        const message = `Rejected by ${requester.username}.`;
        await this.runs.decide(manager, runId, { outcome: 'failed', error: 'suspicious', message });
      });
      return { result: undefined };
    });
  }

  /** @throws {BlocklistUnknown} */
  async find(id: string): Promise<BlocklistSourceEntity> {
    const source = await this.sources.byId(id);
    if (!source) throw new BlocklistUnknown();
    return source;
  }

  private async decide(id: string, work: (manager: EntityManager, runId: string) => Promise<void>): Promise<void> {
    await this.database.write(async (manager) => {
      await this.database.exclusively(manager, `blocklist ${id}`);
      const [held] = await this.snapshots.held(manager, id);
      if (!held) throw new NothingHeld();
      await work(manager, held.runId);
    });
  }

  /** Undefined when they stay the same. */
  private changedSettings(
    stored: BlocklistSourceEntity,
    given: Readonly<Record<string, unknown>>,
    checked: CheckedSettings,
  ): Pick<BlocklistSourceEntity, 'config' | 'secrets'> | undefined {
    const known = sealedOf(stored.secrets);
    const { secrets } = this.secrets.take(stored.id, given, checked.secretFields, known);
    const isSame = isDeepStrictEqual(checked.config, stored.config) && isDeepStrictEqual(secrets, known);
    return isSame ? undefined : { config: checked.config, secrets };
  }

  private async recorded<T>(
    action: string,
    subject: string,
    requester: Requester,
    work: () => Promise<{ result: T; before?: object; after?: object }>,
  ): Promise<T> {
    try {
      const { result, before, after } = await work();
      await this.audit.record({ requester, action, subject, outcome: 'succeeded', before, after });
      return result;
    } catch (error) {
      const isRefusal = error instanceof AppError && error.status < 500;
      const code = error instanceof AppError ? error.code : 'internal-error';
      await this.audit.record({
        requester,
        action,
        subject,
        outcome: isRefusal ? 'refused' : 'failed',
        detail: { code },
      });
      throw error;
    }
  }
}

/** A list as the audit log keeps it: without its secrets. */
function audited(source: BlocklistSourceEntity): Record<string, unknown> {
  const { id, plugin, name, feedName, config, intervalMinutes, maxChangePercent, isEnabled } = source;
  const secretsSet = Object.keys(sealedOf(source.secrets));
  return { id, plugin, name, feedName, config, secretsSet, intervalMinutes, maxChangePercent, isEnabled };
}
