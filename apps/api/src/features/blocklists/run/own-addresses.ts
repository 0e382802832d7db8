import { AddressSet, Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { MachineAddresses } from '../../bans/index.ts';

/** What no list may block: this machine and its way out. */
@Injectable()
export class OwnAddresses {
  constructor(private readonly machine: MachineAddresses) {}

  async read(): Promise<AddressSet> {
    const texts = [...this.machine.own(), ...(await this.machine.gateways())];
    // A link-local address carries its interface as a zone.
    const networks = texts.map((text) => Network.parse(text.replace(/%.*$/, '')));
    return AddressSet.of(networks.filter((network) => network !== undefined));
  }
}
