import fc from 'fast-check';
import { Network, type Family } from '../network.ts';

/** A network made from numbers that are known to be in bounds. */
export function networkOf(family: Family, value: bigint, prefix: number): Network {
  const network = Network.of(family, value, prefix);
  if (!network) throw new Error(`No network: ${family} ${value} ${prefix}`);
  return network;
}

/** A network from text that is known to be good. */
export function network(text: string): Network {
  const parsed = Network.parse(text);
  if (!parsed) throw new Error(`No network: ${text}`);
  return parsed;
}

const v4 = fc.bigInt({ min: 0n, max: 0xffff_ffffn });
/** Groups are often zero, as in real addresses, so that runs of zeros of all lengths are met. */
const v6 = fc
  .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((value, group) => (value << 16n) | group, 0n));
const mapped = v4.map((value) => 0xffff_0000_0000n | value);

/** Family and number of any address, IPv4-mapped ones too. */
export const addressNumber: fc.Arbitrary<[Family, bigint]> = fc.oneof(
  fc.tuple(fc.constant<Family>(4), v4),
  fc.tuple(fc.constant<Family>(6), fc.oneof({ weight: 9, arbitrary: v6 }, { weight: 1, arbitrary: mapped })),
);

/** Any address. */
export const anyAddress: fc.Arbitrary<Network> = addressNumber.map(([family, value]) =>
  networkOf(family, value, family === 4 ? 32 : 128),
);

/** Any network. */
export const anyNetwork: fc.Arbitrary<Network> = addressNumber.chain(([family, value]) =>
  fc.integer({ min: 0, max: family === 4 ? 32 : 128 }).map((prefix) => networkOf(family, value, prefix)),
);
