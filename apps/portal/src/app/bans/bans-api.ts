import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { bansBan } from '../api/generated/fn/bans/bans-ban';
import { bansPage } from '../api/generated/fn/bans/bans-page';
import { bansPreview } from '../api/generated/fn/bans/bans-preview';
import { bansUnban } from '../api/generated/fn/bans/bans-unban';
import { bansUnbanAll } from '../api/generated/fn/bans/bans-unban-all';
import { type Ban, type BanPage, type BanPreview, type Operation } from '../api/generated/models';
import { type Filters, type KeysetList, keysetList } from '../api/keyset-list';
import { Operations } from '../api/operations';

/** What the API says about bans. */
@Service()
export class BansApi {
  private readonly api = inject(Api);
  private readonly operations = inject(Operations);

  /** Bans in force, newest first, page by page. */
  list(filters: () => Filters): KeysetList<Ban, BanPage> {
    return keysetList<Ban, BanPage>(() => bansPage.PATH, filters);
  }

  /** The newest bans in force, once. */
  newest(limit: number): Promise<BanPage> {
    return this.api.invoke(bansPage, { limit });
  }

  /** What a ban would do, address by address. Changes nothing. */
  preview(jail: string, addresses: readonly string[]): Promise<BanPreview> {
    return this.api.invoke(bansPreview, { body: { jail, addresses: [...addresses] } });
  }

  ban(jail: string, addresses: readonly string[], reason: string): Promise<Operation> {
    const body = { jail, addresses: [...addresses], ...(reason === '' ? {} : { reason }) };
    return this.operations.run(this.api.invoke(bansBan, { body }), $localize`Banning in ${jail}:jail:…`);
  }

  /** Lifts bans in one jail, or in every jail when none is named. */
  unban(addresses: readonly string[], jail: string | undefined): Promise<Operation> {
    const body = { addresses: [...addresses], ...(jail === undefined ? {} : { jail }) };
    return this.operations.run(this.api.invoke(bansUnban, { body }), $localize`Unbanning…`);
  }

  /** Lifts every ban of a jail, or of the server. */
  unbanAll(jail: string | undefined): Promise<Operation> {
    const body = jail === undefined ? {} : { jail };
    return this.operations.run(this.api.invoke(bansUnbanAll, { body }), $localize`Unbanning…`);
  }
}
