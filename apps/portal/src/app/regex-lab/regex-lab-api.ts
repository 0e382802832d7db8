import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { regexLabChoices } from '../api/generated/fn/regex-lab/regex-lab-choices';
import { regexLabRun } from '../api/generated/fn/regex-lab/regex-lab-run';
import { type RegexLabChoices, type RegexLabReport, type RegexLabTrial } from '../api/generated/models';

/** What is asked of the regex lab. */
@Service()
export class RegexLabApi {
  private readonly api = inject(Api);

  /** Filters, logs and limits. Needs an injection context. */
  choices(): HttpResourceRef<RegexLabChoices | undefined> {
    return httpResource<RegexLabChoices>(() => regexLabChoices.PATH);
  }

  run(body: RegexLabTrial): Promise<RegexLabReport> {
    return this.api.invoke(regexLabRun, { body });
  }
}
