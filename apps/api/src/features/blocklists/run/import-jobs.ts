import { type AddressSet } from '@bangui/ip';
import { withPlaceholders } from '@bangui/plugin-sdk/host';
import { Injectable } from '@nestjs/common';
import { SourcePlugins } from '../../plugins/index.ts';
import { type FeedValidators } from '../download/feed-request.ts';
import { SourceSecrets } from '../sources/source-secrets.ts';
import { type SnapshotHead, SnapshotsRepository } from '../store/snapshots.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { type ImportHost, type ImportJob, type ImportProgress } from './import-job.ts';
import { OwnAddresses } from './own-addresses.ts';

/** Settings of a source that may not be stored. */
export interface PreviewSettings {
  readonly plugin: string;
  /** Without the secret ones. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly maxChangePercent: number;
}

/** There is no such plugin, or it was refused. */
export class PluginMissing extends Error {
  override readonly name = 'PluginMissing';
  constructor(readonly plugin: string) {
    super(`There is no plugin ${plugin}, or it was refused.`);
  }
}

/** Puts together what an import needs to know. */
@Injectable()
export class ImportJobs {
  constructor(
    private readonly plugins: SourcePlugins,
    private readonly secrets: SourceSecrets,
    private readonly snapshots: SnapshotsRepository,
    private readonly own: OwnAddresses,
  ) {}

  /** Addresses that no list may hold, packed. To be read once for many sources: the kernel is asked for them. */
  async ownAddresses(): Promise<Uint8Array> {
    return (await this.own.read()).encode();
  }

  /**
   * The job of a source.
   * @param heads its stored feeds
   * @param own what {@link ownAddresses} gave; asked for when it is left out
   * @throws {PluginMissing | SecretUnreadable}
   */
  async jobOf(
    source: Pick<BlocklistSourceEntity, 'id' | 'plugin' | 'config' | 'secrets' | 'validators' | 'maxChangePercent'>,
    heads: readonly SnapshotHead[],
    own?: Uint8Array,
  ): Promise<ImportJob> {
    const location = this.plugins.location(source.plugin);
    if (!location) throw new PluginMissing(source.plugin);
    const secrets = this.secrets.open(source.id, source.secrets);
    const current = heads.filter(({ state }) => state === 'current');
    return {
      location,
      config: withPlaceholders({ ...(source.config as object), ...secrets }, Object.keys(secrets)),
      secrets,
      validators: (source.validators ?? {}) as Readonly<Record<string, FeedValidators>>,
      hashes: Object.fromEntries(current.map(({ feed, contentHash }) => [feed, contentHash])),
      own: own ?? (await this.ownAddresses()),
      maxChangePercent: source.maxChangePercent,
    };
  }

  /**
   * The job of settings that are not stored, for a preview.
   * @param secrets secret settings as they are
   * @throws {PluginMissing}
   */
  async previewOf(
    { plugin, config, maxChangePercent }: PreviewSettings,
    secrets: Readonly<Record<string, string>>,
    heads: readonly SnapshotHead[],
    allowed: AddressSet,
  ): Promise<ImportJob> {
    const stored = { id: '', plugin, config, secrets: {}, validators: {}, maxChangePercent };
    const job = await this.jobOf(stored, heads);
    const filled = withPlaceholders({ ...config, ...secrets }, Object.keys(secrets));
    return { ...job, config: filled, secrets, allowed: allowed.encode() };
  }

  /** What the import of a source can ask for. */
  hostOf(heads: readonly SnapshotHead[], progress: (progress: ImportProgress) => void): ImportHost {
    const ids = new Map(heads.flatMap(({ id, feed, state }) => (state === 'current' ? [[feed, id]] : [])));
    return {
      stored: (feed) => {
        const id = ids.get(feed);
        return id === undefined ? Promise.resolve(undefined) : this.snapshots.packed(id);
      },
      progress,
    };
  }
}
