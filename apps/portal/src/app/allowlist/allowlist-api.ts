import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { allowlistAdd } from '../api/generated/fn/allowlist/allowlist-add';
import { allowlistChange } from '../api/generated/fn/allowlist/allowlist-change';
import { allowlistPage } from '../api/generated/fn/allowlist/allowlist-page';
import { allowlistSuggested } from '../api/generated/fn/allowlist/allowlist-suggested';
import { allowlistRemove } from '../api/generated/fn/allowlist/allowlist-remove';
import {
  type AddedAllowlistEntries,
  type AllowlistEntry,
  type AllowlistEntryChange,
  type AllowlistPage,
  type NewAllowlistEntries,
  type SeenHere,
} from '../api/generated/models';
import { type Filters, type KeysetList, keysetList } from '../api/keyset-list';

/** What the API says about the allowlist. */
@Service()
export class AllowlistApi {
  private readonly api = inject(Api);

  /** Newest first, page by page. Needs an injection context. */
  list(filters: () => Filters): KeysetList<AllowlistEntry, AllowlistPage> {
    return keysetList<AllowlistEntry, AllowlistPage>(() => allowlistPage.PATH, filters);
  }

  /** The entries that share an address with this one. */
  async covering(address: string): Promise<readonly AllowlistEntry[]> {
    return (await this.api.invoke(allowlistPage, { q: address, limit: 10 })).items;
  }

  /** From where somebody signed in lately who is not on the list. */
  suggestions(): Promise<SeenHere> {
    return this.api.invoke(allowlistSuggested);
  }

  add(entries: NewAllowlistEntries): Promise<AddedAllowlistEntries> {
    return this.api.invoke(allowlistAdd, { body: entries });
  }

  change(id: string, change: AllowlistEntryChange): Promise<AllowlistEntry> {
    return this.api.invoke(allowlistChange, { id, body: change });
  }

  remove(id: string): Promise<void> {
    return this.api.invoke(allowlistRemove, { id });
  }
}
