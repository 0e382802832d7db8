import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { tokensCreate } from '../api/generated/fn/tokens/tokens-create';
import { tokensPage } from '../api/generated/fn/tokens/tokens-page';
import { tokensRevoke } from '../api/generated/fn/tokens/tokens-revoke';
import { type ApiToken, type CreatedApiToken, type NewApiToken, type TokenPage } from '../api/generated/models';
import { type KeysetList, keysetList } from '../api/keyset-list';

/** What the API says about its tokens. */
@Service()
export class TokensApi {
  private readonly api = inject(Api);

  /** Newest first, page by page. Needs an injection context. */
  list(): KeysetList<ApiToken, TokenPage> {
    return keysetList<ApiToken, TokenPage>(
      () => tokensPage.PATH,
      () => ({}),
    );
  }

  create(token: NewApiToken): Promise<CreatedApiToken> {
    return this.api.invoke(tokensCreate, { body: token });
  }

  revoke(id: string): Promise<void> {
    return this.api.invoke(tokensRevoke, { id });
  }
}
