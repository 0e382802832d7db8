export { isServed } from './is-served.ts';
export { isCount, membersOf, readVersion } from './read-version.ts';
export {
  type AppliedReport,
  type DriftKind,
  driftKinds,
  type EnforcerOrders,
  type EnforcerReport,
  type EnforcerState,
  enforcerStates,
} from './report.ts';
export { BadWantedMessage, decodeWanted, encodeWanted, type WantedMessage, wantedMediaType } from './wanted-message.ts';
export { isOlder, isSameWanted, type Placement, type WantedOrder, type WantedVersion } from './wanted-version.ts';
