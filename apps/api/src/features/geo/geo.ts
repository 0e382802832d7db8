import { type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { type Credit, creditsOf, packageCredits } from './credits.ts';
import { type OpenDatabase } from './maxmind-files.ts';
import { type CountryAndNetwork, type Place } from './place.ts';
import { PlaceData } from './place-data.ts';
import { ReverseNames } from './reverse-names.ts';

/** One database in use. */
export interface GeoPart {
  /** `places`: country and region. `networks`: number and owner of the network. */
  readonly tells: 'places' | 'networks' | 'both';
  readonly kind: 'package' | 'maxmind';
  readonly name: string;
  /** Epoch milliseconds; null when the data does not tell. */
  readonly builtAt: number | null;
  readonly credits: readonly Credit[];
}

/** Which place data is in use. */
export interface GeoSource {
  /** Of the countries; `none` when there is no data at all. */
  readonly kind: 'package' | 'maxmind' | 'none';
  readonly name: string;
  /** Epoch milliseconds; null when the data does not tell. */
  readonly builtAt: number | null;
  /** What the licences of the data ask us to show, as one line; null when they ask for nothing. */
  readonly attribution: string | null;
  readonly parts: readonly GeoPart[];
  /** What is wrong with the data, or with a file that was to replace it; null when nothing is. */
  readonly problem: string | null;
}

/** Country, region and network of addresses, from data on this machine only. */
@Injectable()
export class Geo {
  constructor(
    private readonly data: PlaceData,
    private readonly names: ReverseNames,
  ) {}

  /**
   * The place of an address, or of a network's first address. Addresses that are set aside for something (private,
   * documentation, multicast and the like) have none. Synchronous, microseconds, never throws.
   */
  locate(network: Network): Place {
    return this.data.locate(network);
  }

  /** The same without the region, which costs as much as all the rest: for lists, and for what is archived. */
  countryAndNetwork(network: Network): CountryAndNetwork {
    return this.data.countryAndNetwork(network);
  }

  /**
   * The name that DNS has for one address, or null. The only look-up that leaves the machine, and only when a person
   * asked for it. At most 3 s, then it is given up; also when `signal` aborts. The name is hostile text of at most 253
   * characters: whoever has the address can make it say anything.
   * @throws {ReverseNameUnanswered | ReverseNamesBusy}
   */
  reverseName(address: Network, signal?: AbortSignal): Promise<string | null> {
    return this.names.find(address, signal);
  }

  /** Which data answers now. */
  source(): GeoSource {
    const { places, networks } = this.data.files;
    const packaged = this.packagePart(places !== null, networks !== null);
    const brought =
      places !== null && places === networks
        ? [maxmindPart('both', places)]
        : [
            ...(places === null ? [] : [maxmindPart('places', places)]),
            ...(networks === null ? [] : [maxmindPart('networks', networks)]),
          ];
    const parts = [...brought, ...(packaged === null ? [] : [packaged])];
    const main = parts.find(({ tells }) => tells !== 'networks');
    const credits = new Set(parts.flatMap((part) => part.credits.map(({ label, url }) => `${label} (${url})`)));
    return {
      kind: main?.kind ?? 'none',
      name: main?.name ?? '',
      builtAt: main?.builtAt ?? null,
      attribution: credits.size > 0 ? [...credits].join(', ') : null,
      parts,
      problem: this.data.problem,
    };
  }

  private packagePart(hasPlaces: boolean, hasNetworks: boolean): GeoPart | null {
    const description = this.data.package?.description;
    if (description === undefined || (hasPlaces && hasNetworks)) return null;
    return {
      tells: hasPlaces ? 'networks' : hasNetworks ? 'places' : 'both',
      kind: 'package',
      name: description.sources.join(', '),
      builtAt: description.builtAt,
      credits: packageCredits,
    };
  }
}

function maxmindPart(tells: GeoPart['tells'], { file }: OpenDatabase): GeoPart {
  const { type, builtAt } = file.about;
  return { tells, kind: 'maxmind', name: type, builtAt, credits: creditsOf(type) };
}
