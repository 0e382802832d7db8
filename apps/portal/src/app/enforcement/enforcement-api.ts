import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { enforcementChange } from '../api/generated/fn/enforcement/enforcement-change';
import { enforcementConfirm } from '../api/generated/fn/enforcement/enforcement-confirm';
import { enforcementResync } from '../api/generated/fn/enforcement/enforcement-resync';
import { type EnforcementStatus } from '../api/generated/models';

/** What is asked of the enforcement. How it stands is EnforcementState's. */
@Service()
export class EnforcementApi {
  private readonly api = inject(Api);

  place(placement: EnforcementStatus['placement']): Promise<EnforcementStatus> {
    return this.api.invoke(enforcementChange, { body: { placement } });
  }

  /** Confirms the trials of these enforcers. */
  confirm(enforcers: string[]): Promise<EnforcementStatus> {
    return this.api.invoke(enforcementConfirm, { body: { enforcers } });
  }

  resync(): Promise<EnforcementStatus> {
    return this.api.invoke(enforcementResync);
  }
}
