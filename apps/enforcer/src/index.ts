export { KernelApplier, NotApplied } from './kernel-applier.ts';
export { ProgramFailed, Programs } from './programs.ts';
export {
  type Applied,
  type Applier,
  type Drift,
  type KernelState,
  type Placement,
  type WantedSet,
} from './wanted-set.ts';
