import { type Operation } from '../api/generated/models';

/** What the ban dialog opens with. */
export interface BanDraft {
  readonly text: string;
  readonly jail: string | undefined;
}

/** What the ban dialog closes with when it banned. */
export interface BanDone {
  readonly jail: string;
  readonly operation: Operation;
}
