import { type Blocklist } from '../api/generated/models';

/** What the dialog of a source begins with. */
export interface SourceDraft {
  /** Null for a new one. */
  readonly list: Blocklist | null;
  /** Id of the plugin's source that is offered first. */
  readonly plugin: string | null;
}
