import { type AllowlistEntry } from '../api/generated/models';

/** What the dialog of an entry opens with. */
export interface EntryDraft {
  /** Addresses as they were typed or pasted. */
  readonly text: string;
  /** The entry to change; null for new ones. */
  readonly entry: AllowlistEntry | null;
}
