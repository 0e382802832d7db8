import { AddressSet } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { type SnapshotHead, SnapshotsRepository } from '../store/snapshots.repository.ts';

/** Lists are kept in memory for so many milliseconds after they were last asked for: 8 bytes for each IPv4 range. */
const keptMs = 5 * 60_000;

/** Stored feeds as sets, for whoever looks addresses up in them. The first look-up reads them. */
@Injectable()
export class ListsInMemory {
  private kept = new Map<string, Promise<AddressSet | undefined>>();
  private forget: NodeJS.Timeout | undefined;

  constructor(private readonly snapshots: SnapshotsRepository) {}

  /** The feeds that count now, each with its set. One that is replaced at this moment is left out. */
  async current(): Promise<readonly (SnapshotHead & { readonly set: AddressSet })[]> {
    const heads = (await this.snapshots.heads()).filter(({ state }) => state === 'current');
    clearTimeout(this.forget);
    this.forget = setTimeout(() => {
      this.kept = new Map();
    }, keptMs).unref();
    const before = this.kept;
    this.kept = new Map(heads.map(({ id }) => [id, before.get(id) ?? this.read(id)]));
    const kept = this.kept;
    const sets = await Promise.all(heads.map(async (head) => ({ ...head, set: await kept.get(head.id) })));
    return sets.flatMap(({ set, ...head }) => (set ? [{ ...head, set }] : []));
  }

  private async read(id: string): Promise<AddressSet | undefined> {
    try {
      const packed = await this.snapshots.packed(id);
      return packed && AddressSet.decode(packed);
    } catch (error) {
      // Asked for again by the next look-up.
      this.kept.delete(id);
      throw error;
    }
  }
}
