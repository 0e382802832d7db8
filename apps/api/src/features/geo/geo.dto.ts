import { IsString, MaxLength } from 'class-validator';

/** An address in the path. */
export class AddressPath {
  @IsString()
  @MaxLength(64)
  address: string;
}

/** What DNS calls an address. */
export class ReverseName {
  /** Hostile text: whoever has the address decides what it says. Null when the address has no name. */
  name: string | null;
}

/** Whom the licence of some data asks to name. */
export class GeoCredit {
  label: string;
  url: string;
}

/** One database in use. */
export class GeoSourcePart {
  /** `places`: country and region. `networks`: number and owner of the network. */
  tells: 'places' | 'networks' | 'both';
  /** `package` comes with BanGUI, `maxmind` is a file of the administrator. */
  kind: 'package' | 'maxmind';
  name: string;
  /** When the data was made; epoch milliseconds, null when it does not say. */
  builtAt: number | null;
  credits: GeoCredit[];
}

/** Where countries and networks come from. */
export class GeoSourceInfo {
  /** Of the countries; `none` when there is no data at all. */
  kind: 'package' | 'maxmind' | 'none';
  name: string;
  /** When the data was made; epoch milliseconds, null when it does not say. */
  builtAt: number | null;
  /** What the licences of the data ask to be shown, as one line; null when they ask for nothing. */
  attribution: string | null;
  parts: GeoSourcePart[];
  /** What is wrong with the data, or with a file that was to replace it; null when nothing is. */
  problem: string | null;
}
