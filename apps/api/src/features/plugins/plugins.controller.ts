import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { AuditTrail } from '../audit/index.ts';
import { CurrentRequester } from '../auth/index.ts';
import { type PluginInfo } from './plugin-info.ts';
import { Plugin, PluginList, PluginPath } from './plugins.dto.ts';
import { PluginUnknown } from './plugins.errors.ts';
import { SourcePlugins } from './source-plugins.ts';

/** How long a request waits for the plugins to be looked at, in milliseconds. */
const patienceMs = 4_000;

/** Blocklist sources as plugins. */
@Controller('plugins')
export class PluginsController {
  constructor(
    private readonly plugins: SourcePlugins,
    private readonly audit: AuditTrail,
  ) {}

  /** Every plugin that was found on the instance that answers, those that come with BanGUI first. */
  @Get()
  all(): PluginList {
    return { items: this.plugins.all().map(shown), isLooking: this.plugins.isLooking };
  }

  /** One plugin. Where several have the id, the one that is available. */
  @Get(':id')
  one(@Param() { id }: PluginPath): Plugin {
    const found = this.plugins.all().filter((plugin) => plugin.id === id);
    const best = found.find(({ state }) => state === 'available') ?? found[0];
    if (!best) throw new PluginUnknown();
    return shown(best);
  }

  /**
   * Looks for plugins again, after some were added or removed; so does every other instance. Waits up to 4 s; where that is
   * not enough, `isLooking` says so, and the list is to be read again.
   */
  @Post('rescan')
  @HttpCode(200)
  async rescan(@CurrentRequester() requester: Requester): Promise<PluginList> {
    const before = summary(this.plugins.all());
    const end = this.plugins.rescan().then(async () => {
      const after = summary(this.plugins.all());
      const record = { requester, action: 'plugin.rescan', subject: 'plugins', before, after };
      await this.audit.record({ ...record, outcome: 'succeeded' });
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => (timer = setTimeout(done, patienceMs)));
    await Promise.race([end, patience]);
    clearTimeout(timer);
    return this.all();
  }
}

/** State of each foreign plugin, and of those of ours that are refused. */
function summary(plugins: readonly PluginInfo[]): object[] {
  return plugins
    .filter(({ trust, state }) => trust === 'foreign' || state !== 'available')
    .map(({ id, packageName, version, state, reasons, checksum }) => ({
      id,
      packageName,
      version,
      state,
      reasons,
      checksum,
    }));
}

function shown({ description, reasons, hosts, ...info }: PluginInfo): Plugin {
  const { metadata, configSchema = null } = description ?? {};
  return {
    id: info.id,
    packageName: info.packageName,
    version: info.version,
    state: info.state,
    reasons: [...reasons],
    trust: info.trust,
    confined: info.confined,
    checksum: info.checksum,
    hosts: hosts === 'from-config' ? [] : hosts && [...hosts],
    hasOwnAddress: hosts === 'from-config',
    name: metadata?.name ?? null,
    description: metadata?.description ?? null,
    homepage: metadata?.homepage ?? null,
    licence: metadata?.licence ?? null,
    schemes: metadata ? [...(metadata.schemes ?? ['https'])] : null,
    minIntervalMinutes: metadata?.minIntervalMinutes ?? null,
    staleAfterHours: metadata?.staleAfterHours ?? null,
    limits: metadata?.limits ?? null,
    configSchema,
  };
}
