import { type Network, parseRangeLoose } from '@bangui/ip';
import { type FieldProblem } from '../../core/http/app-error.ts';
import { AddressInvalid, TooManyAddresses } from './bans.errors.ts';

/** Addresses and networks that one request may stand for; more do not belong into a jail. */
export const maxNetworks = 5_000;

/** One line of input. */
export interface InputLine {
  readonly input: string;
  /** What it stands for; empty when it is neither an address nor a network. A range may need several networks. */
  readonly networks: readonly Network[];
}

/** Reads what people paste: one address, network or range a line. */
export function readLines(inputs: readonly string[]): InputLine[] {
  const lines = inputs.map((input) => ({ input, networks: parseRangeLoose(input.trim()) ?? [] }));
  if (lines.reduce((sum, { networks }) => sum + networks.length, 0) > maxNetworks) {
    throw new TooManyAddresses(maxNetworks);
  }
  return lines;
}

/** The networks of all lines, each once, in order. @throws {AddressInvalid} naming each line that is none */
export function networksOf(lines: readonly InputLine[]): Network[] {
  const invalid = lines.flatMap(({ networks }, index): FieldProblem[] =>
    networks.length > 0
      ? []
      : [{ field: `addresses.${index}`, message: 'is neither an address nor a network', code: 'address-invalid' }],
  );
  if (invalid.length > 0) throw new AddressInvalid(invalid);
  const byText = new Map(lines.flatMap(({ networks }) => networks.map((network) => [network.toString(), network])));
  return [...byText.values()];
}
