export { DatabaseSize } from './database-size.ts';
export { fail2banTouched } from './fail2ban-touched.ts';
export { Fail2banWatcher } from './fail2ban-watcher.ts';
export { type OfflineCode } from './offline-reason.ts';
export { JailUnknown } from './jail-unknown.ts';
export { jailsCounted, type JailsCounted, serverChanged, type ServerState } from './server-events.ts';
export { type Change, type ChangeOutcome, type Progress, ServerChanges } from './server-changes.ts';
export { ServerModule } from './server.module.ts';
export { type LocalMoment, ServerZone } from './server-zone.ts';
