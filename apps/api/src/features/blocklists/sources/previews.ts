import { AddressSet } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Allowlist } from '../../allowlist/index.ts';
import { shownSignIns, SignInsHere } from '../../seen-here/index.ts';
import { type BlocklistPreview, type BlocklistPreviewRequest } from '../blocklists.dto.ts';
import { BlocklistUnknown, ImportFailed, PluginUnknown, PreviewTooSlow } from '../blocklists.errors.ts';
import { shownFunnel } from '../run-shown.ts';
import { type ImportJob } from '../run/import-job.ts';
import { ImportJobs, PluginMissing } from '../run/import-jobs.ts';
import { ImportThread } from '../run/import-thread.ts';
import { type SnapshotHead, SnapshotsRepository } from '../store/snapshots.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { SourceSecrets } from './source-secrets.ts';
import { SourceSettings } from './source-settings.ts';

/** A preview answers within so many milliseconds; an import waits longer. */
const longestMs = 5_500;
/** The share of change at which settings that are not stored are suspicious. */
const defaultMaxChangePercent = 50;

/** Shows what an import would make of a source, without storing anything. */
@Injectable()
export class Previews {
  constructor(
    private readonly sources: SourcesRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly settings: SourceSettings,
    private readonly secrets: SourceSecrets,
    private readonly jobs: ImportJobs,
    private readonly thread: ImportThread,
    private readonly allowlist: Allowlist,
    private readonly signIns: SignInsHere,
  ) {}

  /** Of a list as it is stored. @throws {PluginUnknown | ImportFailed | PreviewTooSlow | AllowlistUnreadable} */
  async stored(source: BlocklistSourceEntity): Promise<BlocklistPreview> {
    const [heads, allowed] = await Promise.all([this.snapshots.heads(source.id), this.allowed()]);
    const job = await this.jobs.jobOf(source, heads).catch(missing);
    return this.show({ ...job, allowed: allowed.encode() }, heads);
  }

  /** Of settings that are not stored. @throws the same and {SettingsRefused | BlocklistUnknown} */
  async unsaved({ plugin, config, source: sourceId }: BlocklistPreviewRequest): Promise<BlocklistPreview> {
    const source = sourceId === undefined ? undefined : await this.sources.byId(sourceId);
    if (source === null) throw new BlocklistUnknown();
    const known = source?.plugin === plugin ? this.secrets.open(source.id, source.secrets) : {};
    const checked = await this.settings.check(plugin, config, Object.keys(known));
    const given = Object.entries(config).filter(
      (entry): entry is [string, string] => checked.secretFields.includes(entry[0]) && typeof entry[1] === 'string',
    );
    const secrets = Object.fromEntries(
      Object.entries({ ...known, ...Object.fromEntries(given) }).filter(([, text]) => text !== ''),
    );
    const heads = source ? await this.snapshots.heads(source.id) : [];
    const percent = source?.maxChangePercent ?? defaultMaxChangePercent;
    const preview = { plugin, config: checked.config, maxChangePercent: percent };
    return this.show(await this.jobs.previewOf(preview, secrets, heads, await this.allowed()).catch(missing), heads);
  }

  private async show(job: ImportJob, heads: readonly SnapshotHead[]): Promise<BlocklistPreview> {
    const host = this.jobs.hostOf(heads, () => undefined);
    const signal = AbortSignal.timeout(longestMs);
    const { addresses, sources } = await this.signIns.known();
    const seen = addresses.map(({ address }) => address);
    const result = await this.thread.run('preview', { ...job, seen }, { host, signal }).catch((error: unknown) => {
      throw signal.aborted ? new PreviewTooSlow(longestMs / 1_000) : error;
    });
    if ('kind' in result) throw new ImportFailed(result.code, result.message);
    const { funnel, suspicion, allowlisted, sample } = result;
    const blocked = new Set(result.seen);
    const seenHere = shownSignIns(
      addresses.filter(({ address }) => blocked.has(address)),
      sources,
    );
    return { funnel: shownFunnel(funnel), allowlisted, suspicion: suspicion ?? null, seenHere, sample: [...sample] };
  }

  private async allowed(): Promise<AddressSet> {
    return AddressSet.of(await this.allowlist.inForce());
  }
}

function missing(error: unknown): never {
  throw error instanceof PluginMissing ? new PluginUnknown(error.plugin) : error;
}
