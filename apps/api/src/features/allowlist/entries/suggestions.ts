import { AddressSet, Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { type SeenHere, shownSignIns, SignInsHere } from '../../seen-here/index.ts';
import { Allowlist } from '../index.ts';

/** Whom the allowlist may have forgotten. */
@Injectable()
export class Suggestions {
  constructor(
    private readonly allowlist: Allowlist,
    private readonly signIns: SignInsHere,
  ) {}

  /** From where somebody signed in lately who is not on the allowlist. @throws {AllowlistUnreadable} */
  async missing(): Promise<SeenHere> {
    const [allowed, { addresses, sources }] = await Promise.all([this.allowlist.inForce(), this.signIns.known()]);
    const set = AddressSet.of(allowed);
    const isMissing = (address: string): boolean => {
      const network = Network.parse(address);
      return network !== undefined && !set.contains(network);
    };
    return shownSignIns(
      addresses.filter(({ address }) => isMissing(address)),
      sources,
    );
  }
}
