import { Network } from '@bangui/ip';

/** A network from a text that is known to be good. */
export function network(text: string): Network {
  const parsed = Network.parse(text);
  if (!parsed) throw new Error(`Not a network: ${text}`);
  return parsed;
}

/** Networks from texts that are known to be good. */
export function networks(...texts: string[]): Network[] {
  return texts.map(network);
}

/** This many different addresses from 10.0.0.0 on. */
export function manyAddresses(count: number): Network[] {
  return Array.from({ length: count }, (_, index) => {
    const address = Network.of(4, 0x0a00_0000n + BigInt(index), 32);
    if (!address) throw new Error('Too many addresses.');
    return address;
  });
}

/** How often fault and repetition tests repeat: a short form unless `BANGUI_TEST_ROUNDS` says otherwise. */
export function testRounds(): number {
  return Number(process.env['BANGUI_TEST_ROUNDS'] ?? 3);
}
