import { setImmediate } from 'node:timers/promises';
import { type AddressSet } from '@bangui/ip';
import { type EntryChange, type FeedFormat, type FeedHead } from './feed-formats.ts';

/** Text gathered before it is given to the connection, in characters. */
const pieceLength = 65_536;

/** What a feed tells. */
export interface FeedContent {
  readonly head: FeedHead;
  /** All of a whole feed; what came, of one that tells only what changed. */
  readonly added: AddressSet;
  readonly removed: AddressSet;
}

/** Writes a feed piece by piece; in between the process answers others. */
export async function* feedPieces({ head, added, removed }: FeedContent, format: FeedFormat): AsyncGenerator<Buffer> {
  let piece = format.head(head);
  let index = 0;
  for (const [set, change] of [
    [removed, 'remove'],
    [added, 'add'],
  ] as const satisfies readonly (readonly [AddressSet, EntryChange])[]) {
    for (const network of set.networks()) {
      const text = network.toString();
      const cidr = network.isAddress ? `${text}/${network.prefix}` : text;
      piece += format.entry({ family: network.family, text, cidr }, change, head, index);
      index += 1;
      if (piece.length < pieceLength) continue;
      yield Buffer.from(piece);
      piece = '';
      await setImmediate();
    }
  }
  yield Buffer.from(piece + format.tail(head));
}
