import { type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { nowhere, type Place } from './place.ts';

/** Which place data is in use. */
export interface GeoSource {
  /** `none` when there is no data at all. */
  readonly kind: 'package' | 'maxmind' | 'none';
  readonly name: string;
  /** Epoch milliseconds; null when the data does not tell. */
  readonly builtAt: number | null;
  /** What the licence of the data asks us to show; null when it asks for nothing. */
  readonly attribution: string | null;
}

/** Country, region and network of addresses, from data on this machine only. */
@Injectable()
export class Geo {
  /** The place of an address, or of a network's first address. Synchronous, microseconds, never throws. */
  locate(_address: Network): Place {
    return nowhere;
  }

  /**
   * The name that DNS has for an address, or null. The only look-up that leaves the machine, and only when a person
   * asked for it.
   */
  reverseName(_address: Network, _signal?: AbortSignal): Promise<string | null> {
    return Promise.resolve(null);
  }

  /** Which data answers now. */
  source(): GeoSource {
    return { kind: 'none', name: '', builtAt: null, attribution: null };
  }
}
