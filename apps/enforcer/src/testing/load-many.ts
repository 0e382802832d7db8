// A process of its own that loads as many addresses as its argument says, so that a test can kill it.
import { AddressSet } from '@bangui/ip';
import { KernelApplier, Programs } from '../index.ts';
import { manyAddresses } from './many-addresses.ts';

await new KernelApplier(new Programs()).apply({
  generation: 2,
  blocked: manyAddresses(Number(process.argv[2]), 1),
  allowed: AddressSet.empty,
  placement: 'raw',
});
