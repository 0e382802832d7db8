export { classify, type AddressClass } from './classify.ts';
export { compareNetworks, Network, type Family } from './network.ts';
export { parseRangeLoose } from './range.ts';
