import { AddressSet } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { ListsInMemory } from '../lookup/lists-in-memory.ts';
import { mergedFeed } from '../sources/feed-name.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { Wanted } from '../wanted/wanted.ts';
import { type FeedContent } from './feed-pieces.ts';
import { FeedUnknown, GenerationGone } from './feeds.errors.ts';

/** What other firewalls load: the set to enforce, or one list without who is let through. */
@Injectable()
export class Feeds {
  constructor(
    private readonly wanted: Wanted,
    private readonly sources: SourcesRepository,
    private readonly lists: ListsInMemory,
  ) {}

  /** @throws {FeedUnknown | GenerationGone} */
  async content(name: string, since: number | undefined): Promise<FeedContent> {
    if (name === mergedFeed) return since === undefined ? this.merged() : this.changes(since);
    const source = await this.sources.byFeedName(name);
    if (!source?.isEnabled) throw new FeedUnknown();
    const [wanted, feeds] = await Promise.all([this.wanted.current(), this.lists.current()]);
    const own = feeds.filter(({ sourceId }) => sourceId === source.id).map(({ set }) => set);
    const added = AddressSet.unionOf(own).subtract(wanted.allowed);
    const head = { name, generation: wanted.generation, hash: added.contentHash(), since: null };
    return { head, added, removed: AddressSet.empty };
  }

  private async merged(): Promise<FeedContent> {
    const { generation, hash, blocked } = await this.wanted.current();
    return { head: { name: mergedFeed, generation, hash, since: null }, added: blocked, removed: AddressSet.empty };
  }

  private async changes(since: number): Promise<FeedContent> {
    const delta = await this.wanted.deltaSince(since);
    if (!delta) throw new GenerationGone();
    const { to, hash, added, removed } = delta;
    return { head: { name: mergedFeed, generation: to, hash, since }, added, removed };
  }
}
