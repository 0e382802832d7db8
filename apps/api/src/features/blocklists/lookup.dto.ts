import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

/** What to look for. */
export class LookupQuery {
  /** An address or a network. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  address: string;
}

/** A list that holds an address. */
export class LookupHit {
  sourceId: string;
  name: string;
  /** Whether all of the network is in the list, and not only a part. */
  isWhole: boolean;
  isEnabled: boolean;
}

/** Which lists hold an address or network. */
export class LookupResult {
  /** Canonical. */
  address: string;
  items: LookupHit[];
  /** Whether all of it is to be blocked now. */
  isBlocked: boolean;
  /** Whether a part of it is on the allowlist. */
  isAllowlisted: boolean;
}

/** How much of a list is in another one, or in no other. */
export class OverlapShare {
  ranges: number;
  /** IPv4 addresses. */
  addresses4: number;
}

/** A list among others. */
export class OverlapSource {
  id: string;
  name: string;
  /** All that it holds. */
  all: OverlapShare;
  /** What no other list holds. */
  unique: OverlapShare;
  /** What it has in common with each list, in the order of the lists. */
  shared: OverlapShare[];
}

/** How lists overlap. */
export class OverlapMatrix {
  items: OverlapSource[];
}
