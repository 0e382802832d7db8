import { AddressSet, AddressSetBuilder } from '@bangui/ip';

/**
 * So many single IPv4 addresses of 16.0.0.0 to 143.255.255.255 that none touches another, the same for the same seed; apart from those of
 * other seeds up to a hundred.
 */
export function manyAddresses(count: number, seed: number): AddressSet {
  const hosts4 = new Uint32Array(count);
  const step = Math.floor(2 ** 31 / count);
  for (let index = 0; index < count; index += 1) hosts4[index] = 0x1000_0000 + index * step + 2 * seed;
  const builder = new AddressSetBuilder();
  builder.addBatch({ hosts4, ranges4: new Uint32Array(), ranges6: new Uint32Array(), invalid: 0 });
  return builder.build().set;
}
