import { AddressSet } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { EventBus } from '../../core/events/event-bus.ts';
import { Allowlist, allowlistChanged } from '../allowlist/index.ts';
import { type Wanted, type WantedDelta, WantedSource } from './wanted-source.ts';

/** Without lists nothing is blocked, and who is on the allowlist stays let through. */
@Injectable()
export class AllowlistOnly extends WantedSource {
  constructor(
    private readonly allowlist: Allowlist,
    private readonly events: EventBus,
  ) {
    super();
  }

  async current(): Promise<Wanted> {
    const allowed = AddressSet.of(await this.allowlist.inForce());
    return { generation: 0, hash: allowed.contentHash(), blocked: AddressSet.empty, allowed };
  }

  delta(): Promise<WantedDelta | undefined> {
    return Promise.resolve(undefined);
  }

  onChange(listener: () => void): () => void {
    return this.events.on(allowlistChanged, listener);
  }
}
