import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** Addresses of one name that are looked at; a publisher with more has a mistake, or is up to something. */
export const maxAddresses = 32;

/** Finds the addresses of a host, as the system does. Injected, so that tests can choose them. */
@Injectable()
export class HostResolver {
  /** @throws when the name has none */
  async resolve(host: string): Promise<string[]> {
    const found = await lookup(host, { all: true, order: 'verbatim' });
    return found.slice(0, maxAddresses).map(({ address }) => address);
  }
}
