import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Allowlist } from '../../allowlist/index.ts';
import { LookupInvalid, TooManyToCompare } from '../blocklists.errors.ts';
import { type LookupHit, type LookupResult, type OverlapMatrix } from '../lookup.dto.ts';
import { ImportThread } from '../run/import-thread.ts';
import { type OverlapInput } from '../run/overlap.ts';
import { SnapshotsRepository } from '../store/snapshots.repository.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { Wanted } from '../wanted/wanted.ts';
import { ListsInMemory } from './lists-in-memory.ts';

/** Lists that are compared with each other at most: the pairs grow with the square. */
const maxCompared = 60;

/** Finds out which lists hold what. */
@Injectable()
export class Lookups {
  constructor(
    private readonly lists: ListsInMemory,
    private readonly sources: SourcesRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly wanted: Wanted,
    private readonly allowlist: Allowlist,
    private readonly thread: ImportThread,
  ) {}

  /** Which lists hold an address or network, or a part of it. @throws {LookupInvalid} */
  async lookUp(text: string): Promise<LookupResult> {
    const network = Network.parseLoose(text.trim());
    if (!network) throw new LookupInvalid();
    const [feeds, wanted, allowed] = await Promise.all([
      this.lists.current(),
      this.wanted.current(),
      this.allowlist.inForce(),
    ]);
    const hits = new Map<string, boolean>();
    for (const { sourceId, set } of feeds) {
      if (set.overlaps(network)) hits.set(sourceId, (hits.get(sourceId) ?? false) || set.contains(network));
    }
    const sources = await this.sources.named([...hits.keys()]);
    const items = sources.flatMap(({ id, name, isEnabled }): LookupHit[] => {
      const isWhole = hits.get(id);
      return isWhole === undefined ? [] : [{ sourceId: id, name, isWhole, isEnabled }];
    });
    return {
      address: network.toString(),
      items,
      isBlocked: wanted.blocked.contains(network),
      isAllowlisted: allowed.some((one) => one.overlaps(network)),
    };
  }

  /** How the enabled lists overlap. @throws {TooManyToCompare} */
  async overlap(): Promise<OverlapMatrix> {
    const [sources, heads] = await Promise.all([this.sources.all(), this.snapshots.heads()]);
    const enabled = sources.filter(({ isEnabled }) => isEnabled);
    if (enabled.length > maxCompared) throw new TooManyToCompare(maxCompared);
    const inputs: OverlapInput[] = [];
    for (const { id } of enabled) {
      const own = heads.filter(({ sourceId, state }) => sourceId === id && state === 'current');
      const packed = await Promise.all(own.map((head) => this.snapshots.packed(head.id)));
      inputs.push({ id, packed: packed.filter((bytes) => bytes !== undefined) });
    }
    const { unique, shared } = await this.thread.run('overlap', inputs);
    const nothing = { ranges: 0, addresses4: 0 };
    return {
      items: enabled.map(({ id, name }, index) => ({
        id,
        name,
        all: shared[index]?.[index] ?? nothing,
        unique: unique[index] ?? nothing,
        shared: [...(shared[index] ?? [])],
      })),
    };
  }
}
