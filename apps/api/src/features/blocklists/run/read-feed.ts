import { AddressSetBuilder, type BuiltSet } from '@bangui/ip';
import { type Feed } from '@bangui/plugin-sdk';
import { isEntryBatch, rangeOfText, type UnpackedRange } from '@bangui/plugin-sdk/host';
import { type HostedSource } from '../../plugins/hosting/index.ts';

/** The widest networks that a list may hold, by prefix length. */
const widest = { widestPrefix4: 8, widestPrefix6: 19 } as const;

const none = new Uint32Array();

/** Reads a feed to its end and makes a set of it: sorted, joined, without what is too broad. */
export async function readFeed(
  source: HostedSource,
  feed: Feed,
  config: unknown,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<BuiltSet> {
  const builder = new AddressSetBuilder({ maxEntries: source.metadata.limits.maxEntries, ...widest });
  for await (const item of source.parse(body, feed, config, signal)) {
    if (isEntryBatch(item)) builder.addBatch(item);
    else addText(builder, item.address);
  }
  return builder.build();
}

function addText(builder: AddressSetBuilder, address: string): void {
  const range = rangeOfText(address);
  if (!range) {
    builder.addBatch({ hosts4: none, ranges4: none, ranges6: none, invalid: 1 });
    return;
  }
  if (range.family === 6) builder.addBatch({ hosts4: none, ranges4: none, ranges6: words6(range), invalid: 0 });
  else {
    const ranges4 = Uint32Array.of(Number(range.first), Number(range.last));
    builder.addBatch({ hosts4: none, ranges4, ranges6: none, invalid: 0 });
  }
}

function words6({ first, last }: UnpackedRange): Uint32Array {
  const words = new Uint32Array(8);
  for (let word = 0; word < 4; word += 1) {
    const shift = BigInt(32 * (3 - word));
    words[word] = Number((first >> shift) & 0xffff_ffffn);
    words[word + 4] = Number((last >> shift) & 0xffff_ffffn);
  }
  return words;
}
