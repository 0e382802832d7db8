import { AddressSet, type SetChange } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { EventBus } from '../../core/events/event-bus.ts';
import { Wanted as WantedOfLists, wantedChanged } from '../blocklists/index.ts';
import { type Wanted, type WantedDelta, WantedSource } from './wanted-source.ts';

const nothing: SetChange = { added: AddressSet.empty, removed: AddressSet.empty };

/** What the enabled blocklists make together, without who is on the allowlist. */
@Injectable()
export class ListsWanted extends WantedSource {
  constructor(
    private readonly lists: WantedOfLists,
    private readonly events: EventBus,
  ) {
    super();
  }

  current(): Promise<Wanted> {
    return this.lists.current();
  }

  /** What is let through changes seldom and is small, so that its changes are not kept: whoever missed one reads everything. */
  async delta(fromGeneration: number): Promise<WantedDelta | undefined> {
    const delta = await this.lists.deltaSince(fromGeneration);
    if (!delta?.isAllowedSame) return undefined;
    const { to: generation, added, removed } = delta;
    return { generation, blocked: { added, removed }, allowed: nothing };
  }

  onChange(listener: () => void): () => void {
    return this.events.on(wantedChanged, listener);
  }
}
