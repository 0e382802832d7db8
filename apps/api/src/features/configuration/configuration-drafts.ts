import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { type Requester } from '../../core/http/requester.ts';
import { type ConfigurationDraft, type DraftToKeep } from './drafts.dto.ts';
import { PathNotOurs, TooManyDrafts } from './configuration.errors.ts';
import { isWritablePath } from './owned-path.ts';
import { DraftsRepository } from './store/index.ts';

/** A draft is forgotten after this time, in milliseconds. */
const keptMs = 30 * 86_400_000;
/** Drafts of one administrator. */
const maxDrafts = 50;

/** What administrators typed and did not apply yet: it outlasts the browser, and only its owner sees it. */
@Injectable()
export class ConfigurationDrafts {
  constructor(
    private readonly repository: DraftsRepository,
    private readonly clock: Clock,
  ) {}

  /** The requester's own draft of a file; null when there is none. */
  async of(path: string, { userId }: Requester): Promise<ConfigurationDraft | null> {
    const found = await this.repository.find(userId, path, { notBefore: this.clock.now() - keptMs });
    if (!found) return null;
    const { etag, content, savedAt } = found;
    const { set, unset, text } = content;
    return { path, etag, savedAt, set: set.map((one) => ({ ...one })), unset: [...unset], text };
  }

  /** @throws {PathNotOurs} for a file that no change is made in; {@link TooManyDrafts} */
  async keep({ path, etag, set, unset, text }: DraftToKeep, { userId }: Requester): Promise<void> {
    if (!isWritablePath(path)) throw new PathNotOurs(path);
    const savedAt = this.clock.now();
    const draft = { userId, path, etag, savedAt, content: { set, unset, text } };
    const limits = { notBefore: savedAt - keptMs, atMost: maxDrafts };
    if (!(await this.repository.keep(draft, limits))) throw new TooManyDrafts(maxDrafts);
  }

  /** Forgets the requester's drafts of these files, if there are any. */
  discard(paths: readonly string[], { userId }: Requester): Promise<void> {
    return this.repository.remove(userId, paths);
  }
}
