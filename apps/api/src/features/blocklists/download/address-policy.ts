import { classify, Network } from '@bangui/ip';

/** Where clouds serve the credentials of a machine; some of these lie in networks that an operator may have opened. */
const metadataServices: readonly Network[] = [
  '169.254.0.0/16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
]
  .map((text) => Network.parse(text))
  .filter((network) => network !== undefined);

/** Says which addresses a list may be downloaded from: the public ones, and those private ones that the operator allows. */
export class AddressPolicy {
  private readonly allowed: readonly Network[];

  /** @param allowPrivate networks whose private and loopback addresses may be reached all the same */
  constructor(allowPrivate: readonly string[]) {
    this.allowed = allowPrivate.map((text) => Network.parse(text)).filter((network) => network !== undefined);
  }

  /** Why an address must not be connected to; undefined when it may. */
  refusal(address: string): string | undefined {
    const network = Network.parse(address);
    if (!network) return 'is no address';
    if (metadataServices.some((service) => service.contains(network))) return 'is link-local or a metadata service';
    const kind = classify(network);
    if (kind === 'global') return undefined;
    const mayBeAllowed = kind === 'private' || kind === 'loopback';
    if (mayBeAllowed && this.allowed.some((one) => one.contains(network))) return undefined;
    return mayBeAllowed
      ? `is a ${kind} address, and BANGUI_SOURCES_ALLOW_PRIVATE does not hold it`
      : `is set aside (${kind})`;
  }
}
