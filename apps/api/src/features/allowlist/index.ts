export { Allowlist, allowlistChanged } from './allowlist.ts';
export {
  AllowlistEntryUnknown,
  AllowlistFull,
  AllowlistRefused,
  AllowlistUnreadable,
  AlreadyAllowlisted,
  TooManyPushed,
} from './allowlist.errors.ts';
export { AllowlistEntryEntity } from './allowlist-entry.entity.ts';
export { AllowlistPushEntity } from './allowlist-push.entity.ts';
export { AllowlistModule } from './allowlist.module.ts';
export { AllowlistRepository, boundsOf, maxEntries, maxPushed } from './allowlist.repository.ts';
