import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { blocklistsChange } from '../api/generated/fn/blocklists/blocklists-change';
import { blocklistsConfirm } from '../api/generated/fn/blocklists/blocklists-confirm';
import { blocklistsCreate } from '../api/generated/fn/blocklists/blocklists-create';
import { blocklistsOverlap } from '../api/generated/fn/blocklists/blocklists-overlap';
import { blocklistsPreviewUnsaved } from '../api/generated/fn/blocklists/blocklists-preview-unsaved';
import { blocklistsReject } from '../api/generated/fn/blocklists/blocklists-reject';
import { blocklistsRemove } from '../api/generated/fn/blocklists/blocklists-remove';
import { blocklistsRun } from '../api/generated/fn/blocklists/blocklists-run';
import { importRunsOne } from '../api/generated/fn/import-runs/import-runs-one';
import { importRunsPage } from '../api/generated/fn/import-runs/import-runs-page';
import { pluginsAll } from '../api/generated/fn/plugins/plugins-all';
import { pluginsRescan } from '../api/generated/fn/plugins/plugins-rescan';
import {
  type Blocklist,
  type BlocklistChange,
  type BlocklistPreview,
  type BlocklistPreviewRequest,
  type ImportRun,
  type ImportRunDetail,
  type ImportRunPage,
  type NewBlocklist,
  type Operation,
  type OverlapMatrix,
  type Plugin,
  type PluginList,
} from '../api/generated/models';
import { type KeysetList, keysetList } from '../api/keyset-list';

/** What is asked of single lists and of their imports. The list of all of them is BlocklistsState's. */
@Service()
export class BlocklistsApi {
  private readonly api = inject(Api);

  /** Sources that can be subscribed to. */
  async sources(): Promise<readonly Plugin[]> {
    return (await this.api.invoke(pluginsAll)).items.filter(({ state }) => state === 'available');
  }

  /** Every plugin that was found, also those that are refused. Needs an injection context. */
  plugins(): HttpResourceRef<PluginList | undefined> {
    return httpResource<PluginList>(() => pluginsAll.PATH);
  }

  /** Looks for plugins again. */
  rescanPlugins(): Promise<PluginList> {
    return this.api.invoke(pluginsRescan);
  }

  create(body: NewBlocklist): Promise<Blocklist> {
    return this.api.invoke(blocklistsCreate, { body });
  }

  change(id: string, body: BlocklistChange): Promise<Blocklist> {
    return this.api.invoke(blocklistsChange, { id, body });
  }

  remove(id: string): Promise<void> {
    return this.api.invoke(blocklistsRemove, { id });
  }

  run(id: string): Promise<Operation> {
    return this.api.invoke(blocklistsRun, { id });
  }

  confirm(id: string): Promise<Blocklist> {
    return this.api.invoke(blocklistsConfirm, { id });
  }

  reject(id: string): Promise<Blocklist> {
    return this.api.invoke(blocklistsReject, { id });
  }

  preview(body: BlocklistPreviewRequest): Promise<BlocklistPreview> {
    return this.api.invoke(blocklistsPreviewUnsaved, { body });
  }

  /** Imports of all lists or of one, newest first. Needs an injection context. */
  runs(source: () => string | undefined): KeysetList<ImportRun, ImportRunPage> {
    return keysetList(
      () => importRunsPage.PATH,
      () => ({ source: source() }),
    );
  }

  /** An import with its log. Needs an injection context. */
  runDetail(id: () => string): HttpResourceRef<ImportRunDetail | undefined> {
    return httpResource<ImportRunDetail>(() => importRunsOne.PATH.replace('{id}', encodeURIComponent(id())));
  }

  /** How the enabled lists overlap. Needs an injection context. */
  overlap(): HttpResourceRef<OverlapMatrix | undefined> {
    return httpResource<OverlapMatrix>(() => blocklistsOverlap.PATH);
  }
}
